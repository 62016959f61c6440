/** Numbers, shares and hours as sentences write them, in both languages. */
import type { Bilingual } from '#models/schema/panel.ts';

/** Three digits that count: 0.123, 4.57, 89.1, 1,235. */
export function figure(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

export const percent = (share: number): string => `${figure(Math.round(share * 100))} %`;
export const percentZh = (share: number): string => `${figure(Math.round(share * 100))}%`;

/** `Tue 24 Nov, 17:00–18:00`, by the clock of the zone. */
export function hourText(atMs: number, zone: string): Bilingual {
  const day = (locale: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(atMs);
  const clock = (ms: number) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
      ms,
    );
  const hours = `${clock(atMs)}–${clock(atMs + 3_600_000)}`;
  return {
    en: `${day('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })}, ${hours}`,
    zh: `${day('zh-CN', { month: 'long', day: 'numeric', weekday: 'short' })} ${hours}`,
  };
}

export const KIND_WORDS: Record<string, Bilingual> = {
  person: { en: 'people', zh: '行人' },
  bicycle: { en: 'bicycles', zh: '自行车' },
  motorcycle: { en: 'motorcycles', zh: '摩托车' },
  car: { en: 'cars', zh: '汽车' },
  bus: { en: 'buses', zh: '公交车' },
  truck: { en: 'trucks', zh: '卡车' },
};
