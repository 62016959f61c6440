/** Which pictures are looked at. */
import { expect, it } from 'vitest';
import { createSampler } from '#ingest/decode/sampling.ts';

it('wants one picture per slot, also where their times jitter', () => {
  const sampler = createSampler(5);
  const wanted = Array.from({ length: 250 }, (_, index) => index * 0.04 + (index % 3) * 0.004).filter((atS) =>
    sampler.wants(atS),
  );
  expect(wanted).toHaveLength(50);
});

it('wants every picture when it has no rate', () => {
  const sampler = createSampler(undefined);
  expect(sampler.wants(0) && sampler.wants(0.001) && sampler.mayWant(0.002, 0.04)).toBe(true);
});

it('never rules out the picture that it then wants', () => {
  for (const fps of [10, 25, 29.97]) {
    const sampler = createSampler(5);
    for (let index = 0; index < 500; index++) {
      const atS = index / fps;
      const mayWant = sampler.mayWant(atS, 1 / fps);
      if (sampler.wants(atS)) expect(mayWant).toBe(true);
    }
  }
});

it('rules out most of what lies between', () => {
  const sampler = createSampler(5);
  const possible = Array.from({ length: 250 }, (_, index) => index / 25).filter((atS) => sampler.mayWant(atS, 0.04));
  expect(possible.length).toBeLessThan(110);
});
