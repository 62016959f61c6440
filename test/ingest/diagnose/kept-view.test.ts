import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDiagnosis, type Diagnosis } from '#ingest/diagnose/diagnosis.ts';
import { keepView } from '#ingest/diagnose/kept-view.ts';
import type { SmallPicture } from '#ingest/diagnose/small-picture.ts';
import { openRegistry, type Registry } from '#models/registry/registry.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { ROOT_DIR } from '#system/config.ts';
import { smallPictures } from '#test/bench/judging/small-pictures.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';

const LEARN_PICTURES = 6;

let site: Site;
let broker: Broker;
let registry: Registry;
let yard: SmallPicture[];
let turned: SmallPicture[];
beforeAll(async () => {
  const clip = resolve(ROOT_DIR, 'demo/clips/yard-rain.mp4');
  yard = await smallPictures(clip);
  turned = await smallPictures(clip, { recipe: 'turned' });
  site = await startSite();
  broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'test' });
  registry = await openRegistry(broker.connection);
});
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});

/** A worker's diagnosis of the camera, with the calibration that `calibration` says now. */
function startKeeping(calibration: { version: number; isTurning?: boolean }) {
  const stopping = new AbortController();
  const diagnosis: Diagnosis = createDiagnosis({
    learnPictures: LEARN_PICTURES,
    mayLearn: () => kept.isLoaded() && !(calibration.isTurning === true && calibration.version === 0),
  });
  const kept = keepView({
    ...{ camera: 'yard', diagnosis, table: registry.views, logger: testLogger, signal: stopping.signal, tickMs: 20 },
    calibrationVersion: () => calibration.version,
    isTurning: () => calibration.isTurning === true,
  });
  let atS = 0;
  return {
    diagnosis,
    isLoaded: kept.isLoaded,
    show(pictures: readonly SmallPicture[], seconds: number) {
      for (const end = atS + seconds; atS < end; atS++) {
        diagnosis.see(pictures[atS % pictures.length]!, { atS, keyframes: atS, checksum: atS });
      }
    },
    async stop() {
      stopping.abort();
      await kept.over;
    },
  };
}

const versionKept = async () => (await registry.views.get('yard'))?.value.calibrationVersion;

it('keeps a view over workers, and with a new calibration takes the view of now for the right one', async () => {
  const calibration = { version: 3 };
  const first = startKeeping(calibration);
  first.show(yard, 20);
  expect(first.diagnosis.reference(), 'nothing is learned before the registry has answered').toBeUndefined();
  await until('the registry was asked', first.isLoaded);
  first.show(yard, 20);
  await until('the view is kept', async () => (await versionKept()) === 3);
  await first.stop();

  const second = startKeeping(calibration);
  await until('the registry was asked', second.isLoaded);
  second.show(turned, 30);
  expect(second.diagnosis.isMoved()).toBe(true);
  calibration.version = 4;
  await until('the old view is forgotten', () => !second.diagnosis.isMoved());
  second.show(turned, 20);
  await until('the new view is kept', async () => (await versionKept()) === 4);
  await second.stop();

  const third = startKeeping({ version: 5 });
  await until('the registry was asked', third.isLoaded);
  third.show(yard, 30);
  expect(third.diagnosis.isMoved(), 'a view of another calibration is not restored').toBe(false);
  await third.stop();
});

it('compares a camera that turns with the view of its pose, and calls it moved only where the pose does not explain it', async () => {
  const calibration = { version: 6, isTurning: true };
  const keeping = startKeeping(calibration);
  await until('the registry was asked', keeping.isLoaded);
  const { diagnosis } = keeping;
  keeping.show(yard, 20);
  await until('the view is kept', async () => (await versionKept()) === 6);

  calibration.version = 0;
  await until('the view of the pose is put by', () => diagnosis.reference() === undefined);
  keeping.show(turned, 40);
  expect(diagnosis.isMoved(), 'turned away is not moved').toBe(false);
  expect(diagnosis.reference(), 'a view that nobody calibrated is not learned').toBeUndefined();

  calibration.version = 6;
  await until('the view of the pose is back', () => diagnosis.reference() !== undefined);
  keeping.show(yard, 40);
  expect(diagnosis.isMoved()).toBe(false);
  keeping.show(turned, 40);
  expect(diagnosis.isMoved(), 'the pose is the same, the view is not').toBe(true);
  await keeping.stop();
});
