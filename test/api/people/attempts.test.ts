import { describe, expect, it } from 'vitest';
import { limitAttempts } from '#api/people/attempts.ts';

describe('attempts to sign in', () => {
  const waits: number[] = [];
  const clock = { nowMs: 0 };
  const open = () =>
    limitAttempts({
      now: () => clock.nowMs,
      wait: async (ms) => {
        waits.push(ms);
      },
    });

  it('are counted per user and address, and in all per address', async () => {
    const { begin } = open();
    for (let count = 0; count < 8; count++) await begin('lin', '192.0.2.1');
    await expect(begin('lin', '192.0.2.1')).rejects.toMatchObject({ code: 'too-many-attempts', about: { waitS: 60 } });
    await begin('lin', '192.0.2.2');
    for (let count = 0; count < 16; count++) await begin(`user-${count}`, '192.0.2.1');
    await expect(begin('wang', '192.0.2.1')).rejects.toMatchObject({ code: 'too-many-attempts' });
  });

  it('that succeed are not counted, and a minute later all is forgotten', async () => {
    const { begin } = open();
    for (let count = 0; count < 30; count++) (await begin('lin', '192.0.2.1'))();
    for (let count = 0; count < 8; count++) await begin('lin', '192.0.2.1');
    clock.nowMs += 60_001;
    await begin('lin', '192.0.2.1');
  });

  it('on one user from everywhere delay, more with every failure and never more than four seconds', async () => {
    const { begin } = open();
    waits.length = 0;
    for (let stranger = 0; stranger < 300; stranger++) await begin('admin', `198.51.${stranger}.7`);
    expect(waits).toHaveLength(283);
    expect(waits.slice(0, 3)).toEqual([100, 200, 300]);
    expect(waits.at(-1)).toBe(4000);
  });

  it('from one /64 of IPv6 are from one address, however it is written', async () => {
    const { begin } = open();
    for (let host = 1; host <= 8; host++) await begin('lin', `2001:db8:0:1::${host}`);
    await expect(begin('lin', '2001:db8::1:2:3:4:5')).rejects.toMatchObject({ code: 'too-many-attempts' });
    await begin('lin', '2001:db8:0:2::1');
    for (let count = 0; count < 8; count++) await begin('xu', '::ffff:192.0.2.9');
    await expect(begin('xu', '192.0.2.9')).rejects.toMatchObject({ code: 'too-many-attempts' });
  });
});
