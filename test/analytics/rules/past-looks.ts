/** Looks of a camera of the city at its past, as messages that are placed already. */
import type { Placer } from '#analytics/place/placer.ts';
import type { PlacedMessage } from '#analytics/store/rows.ts';
import { SIMULATED_MODEL } from '#demo/history/past-rows.ts';
import type { Span } from '#demo/world/past/outages.ts';
import { pastFramesOf, thingOf } from '#demo/world/past/things.ts';
import { insideBox } from '#demo/world/truth/clip-truth.ts';
import type { View } from '#demo/world/view.ts';
import type { DetectionMessage, Sighting } from '#models/schema/detection.ts';
import { messageId } from '#models/wire/codec.ts';

const LOOK_MS = 5200;
const AREA_PATH = ['_', '_', '_', '_', '_'];

export function* pastLooks(view: View, placer: Placer, { fromMs, toMs }: Span): Generator<PlacedMessage> {
  const frames = pastFramesOf(view);
  for (let sequence = Math.ceil(fromMs / LOOK_MS); sequence * LOOK_MS < toMs; sequence++) {
    const capturedAtMs = sequence * LOOK_MS;
    const moment = frames.at(capturedAtMs);
    const sightings = moment.parts.flatMap((part) =>
      part.agents.flatMap((past): Sighting[] => {
        const [box, thing] = [insideBox(past.agent.box), thingOf(past, part, moment)];
        if (box === undefined || thing === undefined) return [];
        const track = thing.identity.map((number) => number.toString(36).padStart(7, '0')).join('');
        return [{ track, kind: past.agent.kind, score: 0.8, box, presenceMs: LOOK_MS, isHeld: false }];
      }),
    );
    const message: DetectionMessage = {
      ...{ version: 1, id: messageId(view.id, 0, sequence), camera: view.id, revision: 0, sequence, looks: 1 },
      ...{ areaPath: AREA_PATH, model: SIMULATED_MODEL, sightings },
      ...{ capturedAtMs, receivedAtMs: capturedAtMs, watchedFromMs: capturedAtMs },
      watchedToMs: Math.min(capturedAtMs + LOOK_MS, toMs),
    };
    const { places, calibrationVersion } = placer.place(message);
    yield { message, places, calibrationVersion, areaPath: AREA_PATH.join('.') };
  }
}
