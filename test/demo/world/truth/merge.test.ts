import { describe, expect, it } from 'vitest';
import { rehearse, variantOf } from '#demo/world/rehearse.ts';
import { fromAgentId, isParkedId } from '#demo/world/traffic/agent-id.ts';
import { mergeTruth, readTraced } from '#demo/world/truth/merge.ts';
import { MISFIT_MAX_M, misfitM } from '#demo/world/truth/misfit.ts';
import { rehearsedTruth } from '#demo/world/truth/rehearsed.ts';
import type { VariantId } from '#demo/world/view.ts';
import { viewOf } from '#demo/world/views.ts';
import { tracedLines } from './traced-lines.ts';

const view = viewOf('avenue');
const motionOf = (variant: VariantId) => rehearse(view, variantOf(view, variant));
const night = motionOf('night');
const traced = readTraced(tracedLines(rehearsedTruth(view, 'night', night)));

describe('merging the tracer’s lines with the motion', () => {
  const truth = mergeTruth({ view, variant: 'night', motion: night, traced });

  it('tells kind, what is in sight and feet of every agent', () => {
    const agents = truth.frames.flat();
    expect(new Set(agents.map(({ kind }) => kind))).toContain('person');
    expect(new Set(agents.map(({ kind }) => kind))).toContain('car');
    for (const { visible } of agents) expect(visible).toBeCloseTo(0.5, 1);
    expect(misfitM(view, truth)).toBeLessThan(MISFIT_MAX_M);
  });

  it('tells a rider as rider, machine and both, in one place', () => {
    const all = [truth, mergeOf('busy')].flatMap(({ frames }) => frames);
    const frame = all.find((agents) => agents.some(({ part }) => part === 'both'))!;
    const both = frame.find(({ part }) => part === 'both')!;
    const { member } = fromAgentId(both.id);
    const parts = frame.filter(({ id }) => fromAgentId(id).member === member);
    expect(parts.map(({ part }) => part).sort()).toEqual(['both', 'machine', 'rider']);
    const rider = parts.find(({ part }) => part === 'rider')!;
    expect(rider.kind).toBe('person');
    expect(['bicycle', 'motorcycle']).toContain(both.kind);
    expect([rider.lon, rider.lat]).toEqual([both.lon, both.lat]);
    expect(both.box[1]).toBeLessThanOrEqual(rider.box[1]);
  });

  it('tells a parked bicycle where it stands, as one that stays', () => {
    const parked = truth.frames[0]!.filter(({ part }) => part === 'parked');
    expect(parked.length).toBeGreaterThan(3);
    for (const { kind, stays, id, lon, lat } of parked) {
      expect({ kind, stays }).toEqual({ kind: 'bicycle', stays: true });
      expect(truth.frames.at(-1)!.find((agent) => agent.id === id)).toMatchObject({ lon, lat });
    }
    const [first] = traced[0]!.agents.filter(({ id }) => isParkedId(id));
    const other = { ...traced[0]!, agents: [{ ...first!, id: first!.id + 500 }] };
    expect(() => mergeTruth({ view, variant: 'night', motion: night, traced: [other] })).toThrow(/not on the stage/);
  });

  it('refuses a picture of another motion', () => {
    const other = { ...traced[0]!, agents: [{ ...traced[0]!.agents[0]!, id: 30_001 }] };
    expect(() => mergeTruth({ view, variant: 'night', motion: night, traced: [other] })).toThrow(/not in the motion/);
    expect(() => mergeTruth({ view, variant: 'night', motion: night, traced: traced.slice(1) })).toThrow(/frame 0/);
    const shifted = truth.frames.map((agents) => agents.map((agent) => ({ ...agent, lat: agent.lat + 2e-5 })));
    expect(misfitM(view, { ...truth, frames: shifted })).toBeGreaterThan(MISFIT_MAX_M);
  });

  function mergeOf(variant: VariantId) {
    const motion = motionOf(variant);
    return mergeTruth({
      view,
      variant,
      motion,
      traced: readTraced(tracedLines(rehearsedTruth(view, variant, motion), 90)),
    });
  }
});
