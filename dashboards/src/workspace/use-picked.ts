/** What was chosen on the map's own page, where one looks already; not in the header, by an address, or by "back". */
import { useCallback, useEffect, useRef } from 'react';
import type { Chosen } from './choices.ts';
import type { ChoiceState } from './use-choices.ts';

type Picked = { choose: (chosen: Chosen | null) => void; isPicked: (chosen: Chosen | null) => boolean };

export function usePicked({ choices, setChoices }: Pick<ChoiceState, 'choices' | 'setChoices'>): Picked {
  const picked = useRef<Chosen | null | undefined>(undefined);
  const choose = useCallback(
    (chosen: Chosen | null) => {
      picked.current = chosen;
      setChoices({ chosen });
    },
    [setChoices],
  );
  const isPicked = useCallback((chosen: Chosen | null) => {
    const was = picked.current;
    return was !== undefined && was?.what === chosen?.what && was?.id === chosen?.id;
  }, []);
  const { chosen } = choices;
  useEffect(() => {
    if (!isPicked(chosen)) picked.current = undefined;
  }, [chosen, isPicked]);
  return { choose, isPicked };
}
