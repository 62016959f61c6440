import { setImmediate as soon } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLogins } from '#ingest/onvif/logins.ts';

const target = { host: 'a', address: '192.0.2.1', port: 80, scheme: 'http' } as const;
const other = { ...target, address: '192.0.2.2' };

describe('logins to a device', () => {
  it('come one after the other, while another device does not wait', async () => {
    const logins = createLogins();
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const first = logins.alone(target, () => gate.promise.then(() => order.push('first')));
    const second = logins.alone(target, async () => order.push('second'));
    await logins.alone(other, async () => order.push('other'));
    gate.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(['other', 'first', 'second']);
  });

  it('go on after one that failed, and after one that gave up waiting, which never runs', async () => {
    const logins = createLogins();
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const failing = logins.alone(target, async () => {
      await gate.promise;
      throw new Error('refused');
    });
    const going = new AbortController();
    const gone = logins.alone(target, async () => order.push('gone'), going.signal);
    const last = logins.alone(target, async () => order.push('last'));
    going.abort(new Error('no longer'));
    await expect(gone).rejects.toThrow('no longer');
    await soon();
    expect(order).toEqual([]);
    gate.resolve();
    await expect(failing).rejects.toThrow('refused');
    await last;
    expect(order).toEqual(['last']);
  });

  it('are remembered for each user, for a bounded number of devices', () => {
    const logins = createLogins();
    logins.of(target, 'a').method = 'wsse-text';
    expect(logins.of(target, 'a').method).toBe('wsse-text');
    expect(logins.of(target, 'b').method).toBeUndefined();
    for (let index = 0; index < 5000; index += 1) logins.of({ ...target, port: index }, 'x');
    expect(logins.of(target, 'a').method).toBeUndefined();
    expect(logins.hash('p')).toBe(logins.hash('p'));
    expect(createLogins().hash('p')).not.toBe(logins.hash('p'));
  });
});
