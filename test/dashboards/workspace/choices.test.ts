/** The map's choices in the address, and hours of the week as text. */
import { expect, it } from 'vitest';
import {
  type Choices,
  choicesHref,
  comparedSpan,
  FIRST_CHOICES,
  readChoices,
  writeChoices,
} from '#dashboards/src/workspace/choices.ts';
import { HOUR_PRESETS, readHours, rectangle, withHours, writeHours } from '#dashboards/src/workspace/week-hours.ts';

const SPAN = { fromMs: Date.parse('2026-11-01T00:00Z'), toMs: Date.parse('2026-11-02T06:30Z') };
const CHOSEN: Choices = {
  range: { name: 'custom', ...SPAN },
  kind: 'car',
  measure: 'speed',
  hours: HOUR_PRESETS.rush,
  compare: { name: 'custom', fromMs: SPAN.fromMs - 86_400_000, toMs: SPAN.fromMs },
  level: 'grid',
  division: 'now',
  chosen: { what: 'cell', id: '8d31aa4b20a2d3f' },
  step: 'hour',
};

it('reads back everything that it writes, and writes nothing for what the page opens with', () => {
  expect(readChoices(writeChoices(CHOSEN))).toEqual(CHOSEN);
  expect(writeChoices(FIRST_CHOICES)).toBe('');
  expect(readChoices('')).toEqual(FIRST_CHOICES);
  expect(choicesHref(FIRST_CHOICES, null)).toBe('#/map');
  expect(choicesHref({ ...FIRST_CHOICES, measure: 'peak' }, '117,36.6,15')).toBe('#/map?measure=peak&at=117,36.6,15');
});

it('opens as usual where an address says what it cannot mean', () => {
  expect(readChoices('measure=faces&kind=cat&range=never&hours=9-7,168,x&from=5&cell=zz&compare=custom')).toEqual(
    FIRST_CHOICES,
  );
});

it('compares with the same days of the week: a whole number of weeks before, at least as long as the span', () => {
  const day = 86_400_000;
  expect(comparedSpan({ name: 'before' }, SPAN)).toEqual({ fromMs: SPAN.fromMs - 30.5 * 3_600_000, toMs: SPAN.fromMs });
  expect(comparedSpan({ name: 'week' }, SPAN)).toEqual({ fromMs: SPAN.fromMs - 7 * day, toMs: SPAN.toMs - 7 * day });
  const month = { fromMs: SPAN.fromMs, toMs: SPAN.fromMs + 28 * day };
  expect(comparedSpan({ name: 'week' }, month)?.toMs).toBe(SPAN.fromMs);
  expect(comparedSpan({ name: 'normal' }, SPAN)).toBeNull();
});

it('writes hours as ranges and reads them back; all hours are none', () => {
  expect(writeHours([7, 8, 9, 31])).toBe('7-9,31');
  expect(readHours('7-9,31')).toEqual([7, 8, 9, 31]);
  expect(readHours('0-167')).toEqual([]);
});

it('chooses a rectangle of the carpet, whichever way it is drawn', () => {
  expect(rectangle(33, 8)).toEqual([8, 9, 32, 33]);
  expect(rectangle(9, 32)).toEqual([8, 9, 32, 33]);
  expect(withHours([8, 9, 32, 33], [9, 33], false)).toEqual([8, 32]);
});
