/** The city's weather by the day: which hours are wet, which mornings are foggy, which are clear. */
import { between, randomStream } from './random.ts';
import { cityTime } from './sun.ts';

/** Days with rain of a month, January first: few in winter, half of July. Shaped like the north of China's plain. */
const WET_DAYS = [3, 3, 4, 5, 6, 8, 14, 11, 7, 6, 5, 3] as const;
const DAYS_OF_MONTH = 30.4;
const FOG_SHARE = 0.12;

export type Weather = 'clear' | 'rain' | 'fog';

/** A wet day has one or two spells of two to six hours; a foggy morning lasts until nine. */
export function weatherAt(atMs: number, seed: number): Weather {
  const { day, month, hour } = cityTime(atMs);
  const random = randomStream(seed, `weather ${day}`);
  const isWet = random() < WET_DAYS[month - 1]! / DAYS_OF_MONTH;
  const spells = [0, 1].map(() => ({ from: between(random, -1, 22), hours: between(random, 2, 6) }));
  const isTwice = random() < 0.4;
  if (isWet && spells.slice(0, isTwice ? 2 : 1).some(({ from, hours }) => hour >= from && hour < from + hours))
    return 'rain';
  const isFoggy = (month >= 10 || month <= 3) && random() < FOG_SHARE;
  return isFoggy && hour > 5 && hour < between(random, 8, 10) ? 'fog' : 'clear';
}
