import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDiagnosis, type Diagnosis } from '#ingest/diagnose/diagnosis.ts';
import type { SmallPicture } from '#ingest/diagnose/small-picture.ts';
import type { FindingName } from '#models/schema/picture-finding.ts';
import { ROOT_DIR } from '#system/config.ts';
import { smallPictures } from '#test/bench/judging/small-pictures.ts';

const clip = (name: string) => resolve(ROOT_DIR, `demo/clips/${name}.mp4`);

const LEARN_PICTURES = 12;
let yard: SmallPicture[];
beforeAll(async () => {
  yard = await smallPictures(clip('yard-rain'));
});

/** A camera that is shown clips, one picture a second, again and again. */
function startWatching(diagnosis: Diagnosis = createDiagnosis({ learnPictures: LEARN_PICTURES })) {
  let atS = 0;
  return {
    diagnosis,
    /** Which findings were raised, and after how many seconds. */
    show(pictures: readonly SmallPicture[], seconds: number): Partial<Record<FindingName, number>> {
      const raised: Partial<Record<FindingName, number>> = {};
      for (let second = 0; second < seconds; second++, atS++) {
        const picture = pictures[second % pictures.length]!;
        const sent = { atS, keyframes: Math.floor(atS / 2), checksum: atS };
        for (const finding of diagnosis.see(picture, sent)) raised[finding] ??= second;
      }
      return raised;
    },
  };
}

const names = (diagnosis: Diagnosis) => diagnosis.findings().map(({ finding }) => finding);

describe('a diagnosis', () => {
  it.each([
    { recipe: 'black', finding: 'black', withinS: 6, isBlind: true },
    { recipe: 'white', finding: 'white', withinS: 12, isBlind: true },
    { recipe: 'blurred', finding: 'blurred', withinS: 22, isBlind: true },
    { recipe: 'covered', finding: 'covered', withinS: 40, isBlind: true },
    { recipe: 'painted', finding: 'covered', withinS: 80, isBlind: false },
    { recipe: 'turned', finding: 'moved', withinS: 30, isBlind: false },
    { recipe: 'tilted', finding: 'moved', withinS: 30, isBlind: false },
    { recipe: 'preset-2', finding: 'moved', withinS: 30, isBlind: false },
    { recipe: 'night-noise', finding: 'noisy', withinS: 40, isBlind: false },
  ] as const)('finds $recipe to be $finding within $withinS s, and clears it when it is over', async (wanted) => {
    const { recipe, finding, withinS, isBlind } = wanted;
    const ill = await smallPictures(clip('yard-rain'), { recipe });
    const { diagnosis, show } = startWatching();
    expect(show(yard, 30)).toEqual({});
    const raised = show(ill, withinS + 1);
    expect(Object.keys(raised)).toEqual([finding]);
    expect(raised[finding]).toBeLessThanOrEqual(withinS);
    expect(diagnosis.blindReason() !== undefined).toBe(isBlind);
    const [found] = diagnosis.findings();
    expect(found?.score).toBeGreaterThanOrEqual(found!.threshold);
    expect(show(yard, 45)).toEqual({});
    expect(names(diagnosis)).toEqual([]);
    expect(diagnosis.blindReason()).toBeUndefined();
  });

  it('does not count black pictures as seen from the first one on', async () => {
    const { diagnosis, show } = startWatching();
    show(yard, 5);
    show(await smallPictures(clip('yard-rain'), { recipe: 'black', count: 1 }), 1);
    expect(names(diagnosis)).toEqual([]);
    expect(diagnosis.blindReason()).toBe('picture-black');
  });

  it('says grey pictures to be infra-red, and no more', async () => {
    const grey = await smallPictures(clip('yard-night'), { filter: 'hue=s=0' });
    const { diagnosis, show } = startWatching();
    show(yard, 30);
    expect(Object.keys(show(grey, 60))).toEqual(['infra-red']);
    expect(diagnosis.blindReason()).toBeUndefined();
    expect(diagnosis.isMoved()).toBe(false);
  });

  it('takes rain, night and traffic for no fault of the camera', async () => {
    const { show } = startWatching();
    for (const name of ['yard-rain', 'yard-night', 'yard-incident', 'yard-rain', 'yard-night']) {
      expect(show(await smallPictures(clip(name)), 30), name).toEqual({});
    }
  });

  it('finds a nudge by 24 of 1280 pixels, and that it was put right', async () => {
    const nudged = await smallPictures(clip('yard-rain'), { filter: 'crop=iw-24:ih:24:0,pad=1280:720:0:0' });
    const { diagnosis, show } = startWatching();
    show(yard, 30);
    expect(Object.keys(show(nudged, 40))).toEqual(['moved']);
    show(yard, 25);
    expect(diagnosis.isMoved()).toBe(false);
  });

  it('knows a turned view by what another worker learned, and takes it for right after a new calibration', async () => {
    const before = startWatching();
    before.show(yard, 30);
    expect(before.diagnosis.takeLearned()).toBe(true);
    const kept = JSON.parse(JSON.stringify(before.diagnosis.reference()));
    const turned = await smallPictures(clip('yard-rain'), { recipe: 'turned' });
    const after = startWatching();
    after.diagnosis.restore(kept);
    expect(Object.keys(after.show(turned, 30))).toEqual(['moved']);
    after.diagnosis.learnAnew();
    expect(after.show(turned, 30)).toEqual({});
    expect(after.diagnosis.isMoved()).toBe(false);
    expect(Object.keys(after.show(yard, 30))).toEqual(['moved']);
  });

  it('learns nothing while it may not', () => {
    const { diagnosis, show } = startWatching(
      createDiagnosis({ learnPictures: LEARN_PICTURES, mayLearn: () => false }),
    );
    show(yard, 60);
    expect(diagnosis.reference()).toBeUndefined();
  });

  it('finds a picture that is encoded again and again', async () => {
    const [still] = yard as [SmallPicture];
    const { diagnosis, show } = startWatching();
    show(yard, 11);
    expect(show([still], 30)).toEqual({ frozen: 20 });
    expect(diagnosis.blindReason()).toBe('picture-frozen');
    show(yard, 5);
    expect(names(diagnosis)).toEqual([]);
  });
});
