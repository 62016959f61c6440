/** Which incident stands open: the chosen one; on a wide screen, where nobody has chosen, the first of the list. */
import { useEffect, useState } from 'react';
import { useIsWide } from '../workspace/use-is-wide.ts';

type Shown = {
  id: string;
  /** While somebody is at it, it does not give way to a newer one. */
  hold: () => void;
  letGo: () => void;
};

type List = { firstId: string | undefined; isKnown: (id: string) => boolean };

export function useShown(chosenId: string, { firstId = '', isKnown }: List): Shown {
  const isWide = useIsWide();
  const [heldId, setHeldId] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever chooses holds nothing any more
  useEffect(() => setHeldId(undefined), [chosenId]);
  const followed = heldId !== undefined && isKnown(heldId) ? heldId : firstId;
  const id = chosenId === '' && isWide ? followed : chosenId;
  return { id, hold: () => setHeldId(chosenId === '' ? id : undefined), letGo: () => setHeldId(undefined) };
}
