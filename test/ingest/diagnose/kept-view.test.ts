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
function startKeeping(calibration: { version: number }) {
  const stopping = new AbortController();
  const diagnosis: Diagnosis = createDiagnosis({
    learnPictures: LEARN_PICTURES,
    mayLearn: () => kept.isLoaded(),
  });
  const kept = keepView({
    ...{ camera: 'yard', diagnosis, table: registry.views, logger: testLogger, signal: stopping.signal, tickMs: 20 },
    calibrationVersion: () => calibration.version,
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
