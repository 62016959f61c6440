/** The watch over packet sizes, with sizes as encoders of quiet and moving scenes make them. */
import { expect, it } from 'vitest';
import { PacketWatch } from '#ingest/gate/packet-watch.ts';

/** Deterministic noise of deviation one, nearly normal (Irwin-Hall). */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
}

/** A keyframe every 50 packets, sizes that grow over the GOP, and `extra` on top; returns the packets with an alarm. */
function play(watch: PacketWatch, packets: number, more: { learning?: boolean; extra?: number; seed?: number } = {}) {
  const random = noise(more.seed ?? 1);
  const alarms: number[] = [];
  for (let index = 0; index < packets; index++) {
    const place = index % 50;
    if (place === 0) {
      if (more.learning) watch.learn(90_000, 'key');
      else watch.sees(90_000, 'key');
      continue;
    }
    const size = Math.round(2000 * Math.min(1, 0.4 + place * 0.08) + place * 4 + 80 * random() + (more.extra ?? 0));
    if (more.learning) watch.learn(size, 'ahead');
    else if (watch.sees(size, 'ahead')) {
      alarms.push(index);
      watch.restart();
    }
  }
  return alarms;
}

function learned(): PacketWatch {
  const watch = new PacketWatch();
  expect(watch.isLearned).toBe(false);
  play(watch, 200, { learning: true });
  expect(watch.isLearned).toBe(true);
  return watch;
}

it('stays calm over an hour of a quiet scene whose sizes differ within the GOP', () => {
  expect(play(learned(), 25 * 3600, { seed: 2 }).length).toBeLessThanOrEqual(3);
});

it('sees within half a second sizes that are two deviations above', () => {
  const watch = learned();
  play(watch, 1000, { seed: 3 });
  expect(play(watch, 100, { extra: 200, seed: 4 })[0]).toBeLessThanOrEqual(13);
});

it('sees at once what multiplies the sizes', () => {
  const watch = learned();
  expect(play(watch, 50, { extra: 5000 })[0]).toBeLessThanOrEqual(4);
});

it('follows a scene that slowly becomes noisier without an alarm', () => {
  const watch = learned();
  let alarms = 0;
  for (let step = 0; step < 100; step++) alarms += play(watch, 500, { extra: step * 8, seed: step + 10 }).length;
  expect(alarms).toBeLessThanOrEqual(2);
});

it('becomes more patient when its alarms were false, and less again when they are true', () => {
  const delayAfter = (...judgements: boolean[]) => {
    const watch = learned();
    for (const wasMotion of judgements) watch.judge(wasMotion);
    return play(watch, 300, { extra: 200, seed: 5 })[0] ?? Number.POSITIVE_INFINITY;
  };
  const patient = delayAfter(false, false, false);
  expect(patient).toBeGreaterThan(delayAfter());
  expect(delayAfter(false, false, false, true, true, true, true, true)).toBeLessThan(patient);
});
