import { describe, expect, it } from 'vitest';
import { readCalendar } from '#cli/calendar/read-calendar.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('a calendar as CSV', () => {
  it('is read with holidays and weather, in English and Chinese, in UTF-8 and GBK', () => {
    expect(
      readCalendar(utf8('day,holiday,weather\n2026-10-01,National Day,clear\n2026-10-02,,Rain\n2026-10-03,,\n')),
    ).toEqual([
      { day: '2026-10-01', holiday: 'National Day', weather: 'clear' },
      { day: '2026-10-02', weather: 'rain' },
      { day: '2026-10-03' },
    ]);
    // 日期,天气 / 2026年2月17日,雪
    const gbk = [0xc8, 0xd5, 0xc6, 0xda, 0x2c, 0xcc, 0xec, 0xc6, 0xf8, 0x0a, ...utf8('2026'), 0xc4, 0xea, ...utf8('2')];
    const end = [0xd4, 0xc2, ...utf8('17'), 0xc8, 0xd5, 0x2c, 0xd1, 0xa9, 0x0a];
    expect(readCalendar(Uint8Array.from([...gbk, ...end]))).toEqual([{ day: '2026-02-17', weather: 'snow' }]);
  });

  it.each([
    [
      'day\n2026-02-30\n2026-01-01\nsoon\n',
      'row 2: "2026-02-30" is no day; write for example 2026-10-01; row 4: "soon"',
    ],
    ['day,weather\n2026-01-01,hail\n', 'row 2: "hail" is no weather'],
    ['day\n2026-01-01\n2026/1/1\n', 'row 3: 2026-01-01 stands there twice'],
    ['date,feast\n2026-01-01,x\n', 'unknown column "feast"'],
    ['holiday\nx\n', 'no column day'],
    ['day\n', 'it holds no day'],
  ])('is refused as a whole, with the row, where it is wrong: %j', (text, words) => {
    expect(() => readCalendar(utf8(text))).toThrow(words);
  });
});
