/** The choices of the map as the address holds them: each new choice is a step that "back" takes back. */
import { useCallback, useMemo, useRef } from 'react';
import { type Choices, choicesHref, readChoices, writeChoices } from './choices.ts';
import { readPlace, usePlace } from './view.ts';

const atOf = (query: string): string | null => new URLSearchParams(query).get('at');

export type ChoiceState = {
  choices: Choices;
  setChoices: (change: Partial<Choices>) => void;
  /** Where the address says the map stands: "lon,lat,zoom"; null where it says nothing. */
  at: string | null;
  /** Writes where the map stands into the address; no step of its own. */
  keepAt: (at: string) => void;
};

/** The address itself is asked each time: where the map stands is written without telling React. */
const nowInAddress = () => readPlace(location.hash).query;

export function useChoices(): ChoiceState {
  const { query } = usePlace();
  const text = writeChoices(readChoices(query));
  const choices = useMemo(() => readChoices(text), [text]);
  const kept = useRef<string | null>(null);
  const setChoices = useCallback((change: Partial<Choices>) => {
    const now = nowInAddress();
    location.hash = choicesHref({ ...readChoices(now), ...change }, atOf(now));
  }, []);
  const keepAt = useCallback((at: string) => {
    kept.current = at;
    history.replaceState(null, '', choicesHref(readChoices(nowInAddress()), at));
  }, []);
  const at = atOf(query);
  // Once the address is another, "back" to it moves the map again.
  if (at !== kept.current) kept.current = null;
  return { choices, setChoices, at: at === kept.current ? null : at, keepAt };
}
