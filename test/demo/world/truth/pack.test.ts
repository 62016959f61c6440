import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rehearse, variantOf } from '#demo/world/rehearse.ts';
import { packTruth, unpackTruth } from '#demo/world/truth/pack.ts';
import { rehearsedTruth } from '#demo/world/truth/rehearsed.ts';
import { viewOf } from '#demo/world/views.ts';

const view = viewOf('avenue');
const truth = rehearsedTruth(view, 'night', rehearse(view, variantOf(view, 'night')));

describe('the file of a truth', () => {
  it('gives back every agent of every frame: boxes to the pixel, feet to two centimetres', () => {
    const back = unpackTruth(packTruth(truth));
    expect(back.frames.length).toBe(truth.frames.length);
    for (const [frame, agents] of truth.frames.entries()) {
      const found = back.frames[frame]!;
      expect(found.length).toBe(agents.length);
      for (const agent of agents) {
        const same = found.find(({ id, part }) => id === agent.id && part === agent.part)!;
        expect(same).toMatchObject({ kind: agent.kind, stays: agent.stays });
        expect(Math.abs(same.box[0] - agent.box[0]) * 1280).toBeLessThanOrEqual(0.51);
        expect(Math.abs(same.box[3] - agent.box[3]) * 720).toBeLessThanOrEqual(0.51);
        expect(Math.abs(same.lat - agent.lat)).toBeLessThan(2e-7);
      }
    }
  });

  it('takes a sixth of 150 kB for 15 s', () => {
    expect(packTruth(truth).length).toBeLessThan(37_500);
  });

  it('is refused where it is something else, or a row of it is too short', () => {
    expect(() => unpackTruth(Buffer.from('no'))).toThrow(/no gzipped JSON/);
    expect(() => unpackTruth(gzipSync('{"version":2}'))).toThrow(/not valid/);
    const thing = { id: 1, kind: 'car', part: 'whole', stays: true, spans: [0, 2] };
    const rows = { left: [1], top: [1], width: [1], height: [1], visible: [1], lon: [1], lat: [1] };
    const file = { version: 1, view: 'avenue', variant: 'night', fps: 15, frames: 2, widthPx: 1280, heightPx: 720 };
    expect(() => unpackTruth(gzipSync(JSON.stringify({ ...file, things: [{ ...thing, ...rows }] })))).toThrow(
      /thing 1 has rows of another length/,
    );
  });
});
