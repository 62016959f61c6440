/** The looks of a camera at its past, as messages that are placed already: what the pipeline would have stored. */
import type { Placer } from '#analytics/place/placer.ts';
import type { Placed, PlacedMessage } from '#analytics/store/rows.ts';
import type { Span } from '#demo/world/past/outages.ts';
import { type PastAgent, pastFramesOf, thingOf } from '#demo/world/past/things.ts';
import { insideBox } from '#demo/world/truth/clip-truth.ts';
import type { View } from '#demo/world/view.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { Box, DetectionMessage, Sighting } from '#models/schema/detection.ts';
import { messageId } from '#models/wire/codec.ts';

/** Model of every simulated row: no detector saw it. */
export const SIMULATED_MODEL = 'simulated';
/** Real leases begin with 1. */
const SIMULATED_REVISION = 0;

/** A step that shares no multiple with the loops' 15 s before 75 looks: the looks meet a loop at ever other moments. */
export const LOOK_MS = 5200;
/** What stands is told at every third look: its sighting stands for 15.6 s, below the pipeline's cap of 20 s. */
const STANDING_EVERY = 3;
const RECEIVED_AFTER_MS = 40;

export type PastCamera = {
  view: View;
  areaPath: AreaPath;
  placer: Placer;
  /** Of the clips' truth; absent: the city's own. */
  folder?: string;
};

type Template = { past: PastAgent; sighting: Pick<Sighting, 'kind' | 'score' | 'box'>; placed: Placed };

/** Looks of the span that were taken within the chunk. Each message speaks until the next one, or the end of the span. */
export function createLooks({ view, areaPath, placer, folder }: PastCamera) {
  const frames = pastFramesOf(view, folder);
  const offsetMs = [...view.id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 37, 0) % LOOK_MS;
  const templates = new Map<readonly PastAgent[], Template[]>();
  const path = areaPath.join('.');
  let calibrationVersion = 0;

  function templatesOf(agents: readonly PastAgent[]): Template[] {
    const known = templates.get(agents);
    if (known !== undefined) return known;
    const seen = agents.flatMap((past) => {
      const box = insideBox(past.agent.box);
      return box === undefined ? [] : [{ past, sighting: sightingOf(past, box) }];
    });
    const sightings = seen.map(({ sighting }) => ({ ...sighting, track: '00000000', presenceMs: 0, isHeld: false }));
    const placed = placer.place(messageAt(0, 0, sightings));
    calibrationVersion = placed.calibrationVersion;
    const made = seen.map((one, index) => ({ ...one, placed: placed.places[index]! }));
    templates.set(agents, made);
    return made;
  }

  const messageAt = (number: number, capturedAtMs: number, sightings: Sighting[]): DetectionMessage => ({
    version: 1,
    id: messageId(view.id, SIMULATED_REVISION, number),
    camera: view.id,
    revision: SIMULATED_REVISION,
    sequence: number,
    areaPath,
    model: SIMULATED_MODEL,
    capturedAtMs,
    receivedAtMs: capturedAtMs + RECEIVED_AFTER_MS,
    watchedFromMs: capturedAtMs,
    watchedToMs: capturedAtMs,
    looks: 1,
    sightings,
  });

  function lookAt(number: number, atMs: number, span: Span): PlacedMessage | undefined {
    // The first look of a span is a whole one as well: from it on the camera watches.
    const isFirst = atMs - LOOK_MS < span.fromMs;
    const isWhole = isFirst || number % STANDING_EVERY === 0;
    const moment = frames.at(atMs);
    const sightings: Sighting[] = [];
    const places: Placed[] = [];
    for (const part of moment.parts) {
      for (const { past, sighting, placed } of templatesOf(part.agents)) {
        if (past.isStanding && !isWhole) continue;
        const thing = thingOf(past, part, moment);
        if (thing === undefined) continue;
        const forMs = past.isStanding ? untilNextWhole(number) * LOOK_MS : LOOK_MS;
        const presenceMs = Math.min(forMs, span.toMs - atMs);
        sightings.push({ ...sighting, track: trackOf(thing.identity), presenceMs, isHeld: false });
        places.push(placed);
      }
    }
    if (sightings.length === 0 && !isWhole) return undefined;
    return { message: messageAt(number, atMs, sightings), places, calibrationVersion, areaPath: path };
  }

  return function* looks(span: Span, chunk: Span): Generator<PlacedMessage> {
    const beginMs = Math.max(span.fromMs, chunk.fromMs);
    let open: PlacedMessage | undefined;
    for (let number = Math.ceil((beginMs - offsetMs) / LOOK_MS); ; number++) {
      const atMs = number * LOOK_MS + offsetMs;
      const isOver = atMs >= span.toMs;
      const look = isOver ? undefined : lookAt(number, atMs, span);
      if (open !== undefined && (isOver || look !== undefined)) {
        open.message.watchedToMs = Math.min(atMs, span.toMs);
        yield open;
        open = undefined;
      } else if (open !== undefined) open.message.looks += 1;
      if (isOver) return;
      if (look === undefined) continue;
      if (atMs >= chunk.toMs) return;
      open = look;
    }
  };
}

const untilNextWhole = (number: number) => STANDING_EVERY - (number % STANDING_EVERY);

function sightingOf({ agent }: PastAgent, box: Box): Template['sighting'] {
  return { kind: agent.kind, score: 0.5 + Math.round(agent.visible * 45) / 100, box };
}

const trackOf = ([first, second]: readonly [number, number]) =>
  first.toString(36).padStart(7, '0') + second.toString(36).padStart(7, '0');
