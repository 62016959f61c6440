/** How many things are in view now: the newest look of every camera, forgotten when no newer one comes. */
import { useEffect, useState } from 'react';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { groupOf, type KindGroup } from '../kinds.ts';
import { listenToDetections } from './detection-stream.ts';

export type PresentNow = Record<KindGroup, number> & { cameras: number };

/** A quiet camera speaks at least every ten seconds; twice that and a little is silence. */
const FORGET_AFTER_MS = 25_000;
const TELL_EVERY_MS = 500;

type Look = Record<KindGroup, number> & { heardAtMs: number };

const countOf = (message: DetectionMessage, group: KindGroup) =>
  message.sightings.filter((sighting) => groupOf(sighting.kind) === group).length;

export function usePresentNow(): PresentNow | undefined {
  const [present, setPresent] = useState<PresentNow>();
  useEffect(() => {
    const looks = new Map<string, Look>();
    const stop = listenToDetections(null, {
      onMessage: (message) =>
        looks.set(message.camera, {
          people: countOf(message, 'people'),
          vehicles: countOf(message, 'vehicles'),
          heardAtMs: performance.now(),
        }),
    });
    const timer = setInterval(() => {
      const oldest = performance.now() - FORGET_AFTER_MS;
      const sum: PresentNow = { people: 0, vehicles: 0, cameras: 0 };
      for (const [camera, look] of looks) {
        if (look.heardAtMs < oldest) looks.delete(camera);
        sum.people += look.heardAtMs < oldest ? 0 : look.people;
        sum.vehicles += look.heardAtMs < oldest ? 0 : look.vehicles;
      }
      sum.cameras = looks.size;
      setPresent((was) =>
        was?.people === sum.people && was.vehicles === sum.vehicles && was.cameras === sum.cameras ? was : sum,
      );
    }, TELL_EVERY_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return present;
}
