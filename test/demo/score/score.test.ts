/** The judge judged: a detector that sees everything must come out nearly perfect, through the real tracker and placer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { accuracyOf, matchClip } from '#demo/score/accuracy.ts';
import type { ScoredClip } from '#demo/score/clips.ts';
import { floorsOf } from '#demo/score/floors.ts';
import { createGround } from '#demo/score/ground.ts';
import { halfCovered } from '#demo/score/half-covered.ts';
import { countHour } from '#demo/score/hour.ts';
import { type LookedFrame, readLooks, writeLooks } from '#demo/score/infer.ts';
import { figuresOf, positionsOf, positionTables } from '#demo/score/positions.ts';
import { trueLooks } from '#demo/score/true-looks.ts';
import { variantOf } from '#demo/world/rehearse.ts';
import { truthOf } from '#demo/world/truth/interval.ts';
import { loadTruth } from '#demo/world/truth/load.ts';
import type { VariantId } from '#demo/world/view.ts';
import { viewOf } from '#demo/world/views.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-score-'));
afterAll(() => rmSync(folder, { recursive: true }));

const view = viewOf('market');
function clipOf(variant: VariantId): ScoredClip {
  const truth = loadTruth(view, variant);
  return {
    name: `market-${variant}`,
    view,
    variant: variantOf(view, variant),
    file: '',
    sha256: '',
    truth,
    truthSha256: '',
  };
}
const clips = [clipOf('night'), clipOf('busy')];
const looks = new Map(clips.map((clip) => [clip.variant.id, trueLooks(clip.truth, 0.5)]));
const looksOf = (clip: VariantId): LookedFrame[] => looks.get(clip) ?? [];
const ground = createGround([view]);

describe('a detector that sees everything', () => {
  const matched = clips.map((clip) => matchClip(clip, looksOf(clip.variant.id)));

  it('has recall and precision of one for every kind, height and light, and reaches the floors', () => {
    const rows = accuracyOf(matched, 0.5);
    expect(rows.some(({ kind, light }) => kind === 'person' && light === 'night')).toBe(true);
    for (const { recall, precision, labels } of rows) {
      if (labels === 0) continue;
      expect(recall).toBeGreaterThan(0.99);
      expect(precision).toBeGreaterThan(0.99);
    }
    for (const { recall, wanted } of floorsOf(matched, 'held out')) expect(recall).toBeGreaterThan(wanted);
  });

  it('has people placed within half a metre, in ellipses that hold them, in the right grid', () => {
    const positions = matched.flatMap((one) =>
      positionsOf(one, looksOf(one.clip.variant.id), { ground, scoreMin: 0.5 }),
    );
    const people = figuresOf(positions.filter(({ kind }) => kind === 'person'));
    expect(people.boxes).toBeGreaterThan(1000);
    expect(people.medianM).toBeLessThan(0.5);
    expect(people.inEllipseShare).toBeGreaterThan(0.85);
    expect(people.rightGridShare).toBeGreaterThan(0.98);
    const { byDistance } = positionTables(positions);
    const medians = byDistance.filter(({ what, where }) => what === 'person' && where.endsWith(' m'));
    expect(medians.length).toBeGreaterThan(1);
    for (const { medianM } of medians) expect(medianM).toBeLessThan(0.5);
  });

  it('has ellipses that hold few once they are told to be a third as wide', () => {
    const sure = {
      ...ground,
      place: (...asked: Parameters<typeof ground.place>) =>
        ground.place(...asked).map((one) => {
          const [covEe, covEn, covNn] = [one.covEe / 9, one.covEn / 9, one.covNn / 9];
          return { ...one, covEe, covEn, covNn };
        }),
    };
    const [one] = matched as [(typeof matched)[number]];
    const wanted = { ground: sure, scoreMin: 0.5 };
    expect(figuresOf(positionsOf(one, looksOf(one.clip.variant.id), wanted)).inEllipseShare).toBeLessThan(0.75);
  });

  it('counts an hour of people nearly as the truth does, on the same cells', () => {
    const [fromMs, toMs] = [Date.parse('2026-06-09T02:00+08:00'), Date.parse('2026-06-09T02:20+08:00')];
    const truth = truthOf(view, fromMs, toMs);
    const counted = countHour({ view, fromMs, toMs, clips: ['night'], looks: looksOf, ground, scoreMin: 0.5 });
    expect(counted.frames).toBe(20 * 60 * 5);
    expect(Math.abs(counted.presenceS.person / truth.presenceS.person - 1)).toBeLessThan(0.2);
    const top = [...truth.coarse].sort((a, b) => b[1].person - a[1].person)[0]!;
    expect(counted.coarse.get(top[0])!.person / top[1].person).toBeGreaterThan(0.7);
    expect(counted.unplacedS).toBe(0);
  });

  it('tells of a half-covered hour the rate of the half that was seen', async () => {
    const [fromMs, toMs] = [Date.parse('2026-06-09T02:00+08:00'), Date.parse('2026-06-09T02:20+08:00')];
    const clips: VariantId[] = ['night'];
    const { covered, seen, whole } = await halfCovered({
      ...{ view, fromMs, toMs, clips, looks: looksOf, scoreMin: 0.5, kind: 'person' },
    });
    expect(whole.observedS).toBeGreaterThan(1190);
    expect(Math.abs(covered.observedS / 600 - 1)).toBeLessThan(0.01);
    expect(Math.abs(covered.presenceS / covered.observedS / (seen.presenceS / seen.observedS) - 1)).toBeLessThan(0.01);
  });
});

describe('bicycles that stand in a row', () => {
  it('have a row of their own, and are no mistake of who finds them', () => {
    const school = viewOf('school');
    const truth = loadTruth(school, 'night');
    const clip = { ...clips[0]!, name: 'school-night', view: school, variant: variantOf(school, 'night'), truth };
    const rows = accuracyOf([matchClip(clip, trueLooks(truth, 0.5))], 0.5);
    const rowOf = (kind: string) =>
      rows.find((row) => row.kind === kind && row.height === 'all' && row.light === 'all');
    expect(rowOf('parked bicycle')!.labels).toBeGreaterThan(100);
    expect(rowOf('parked bicycle')!.recall).toBeGreaterThan(0.99);
    expect(rows.filter(({ kind, precision }) => kind === 'bicycle' && precision < 0.99)).toEqual([]);
  });
});

describe('a detector that sees half', () => {
  it('has half the recall, and one that dreams half the precision', () => {
    const [clip] = clips as [ScoredClip];
    const isPerson = ({ kind, height, light }: { kind: string; height: string; light: string }) =>
      kind === 'person' && height === 'all' && light === 'all';
    const halved = looksOf('night').map(({ frame, detections }) => ({
      frame,
      detections: detections.filter((_, index) => index % 2 === 0),
    }));
    const half = accuracyOf([matchClip(clip, halved)], 0.5).find(isPerson)!;
    expect(half.recall).toBeGreaterThan(0.3);
    expect(half.recall).toBeLessThan(0.7);
    const dreaming = looksOf('night').map(({ frame, detections }) => ({
      frame,
      detections: detections.flatMap((one) => [one, { ...one, box: [0.001, 0.001, 0.004, 0.015] as typeof one.box }]),
    }));
    const dreams = accuracyOf([matchClip(clip, dreaming)], 0.5).find(isPerson)!;
    expect(dreams.recall).toBeGreaterThan(0.99);
    expect(dreams.precision).toBeLessThan(0.6);
  });
});

describe('remembered looks', () => {
  it('come back as they were, to a fifth of a pixel', () => {
    const path = resolve(folder, 'deeper', 'looks.json.gz');
    const some = looksOf('busy').slice(0, 5);
    writeLooks(path, some);
    const back = readLooks(path)!;
    expect(back.map(({ frame }) => frame)).toEqual(some.map(({ frame }) => frame));
    for (const [index, { detections }] of back.entries()) {
      for (const [at, { kind, score, box }] of detections.entries()) {
        expect({ kind, score }).toEqual({ kind: some[index]!.detections[at]!.kind, score: 0.9 });
        for (const [side, value] of box.entries())
          expect(Math.abs(value - some[index]!.detections[at]!.box[side]!)).toBeLessThan(1e-4);
      }
    }
    expect(readLooks(resolve(folder, 'none'))).toBeUndefined();
  });
});
