/** The looks of a camera at its past, placed already: what the pipeline would have stored. */
import type { Placer } from '#analytics/place/placer.ts';
import type { Span } from '#demo/world/past/outages.ts';
import { type PastAgent, pastFramesOf, thingOf } from '#demo/world/past/things.ts';
import { insideBox } from '#demo/world/truth/clip-truth.ts';
import type { View } from '#demo/world/view.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { Box, Sighting } from '#models/schema/detection.ts';
import { messageId } from '#models/wire/codec.ts';
import { type PastLook, type PastRows, SIMULATED_MODEL } from './past-rows.ts';
import type { Templates } from './templates.ts';

/** Real leases begin with 1. */
const SIMULATED_REVISION = 0;

/** A step that shares no multiple with the loops' 15 s before 75 looks: the looks meet a loop at ever other moments. */
export const LOOK_MS = 5200;
/** What stands is told at every third look: its sighting stands for 15.6 s, below the pipeline's cap of 20 s. */
const STANDING_EVERY = 3;

export type PastCamera = {
  view: View;
  areaPath: AreaPath;
  placer: Placer;
  /** Of the clips' truth; absent: the city's own. */
  folder?: string;
};

/** The things of a frame of a loop, each with the number of its template. */
type Frame = { seen: readonly { past: PastAgent; template: number }[]; calibrationVersion: number };

type Wanted = { span: Span; chunk: Span; into: PastRows };

/** Writes looks of the span that were taken within the chunk. Each speaks until the next one, or the end of the span. */
export function createLooks({ view, areaPath, placer, folder }: PastCamera, templates: Templates) {
  const frames = pastFramesOf(view, folder);
  const offsetMs = [...view.id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 37, 0) % LOOK_MS;
  const known = new Map<readonly PastAgent[], Frame>();
  const path = areaPath.join('.');

  function frameOf(agents: readonly PastAgent[]): Frame {
    const before = known.get(agents);
    if (before !== undefined) return before;
    const seen = agents.flatMap((past) => {
      const box = insideBox(past.agent.box);
      return box === undefined ? [] : [{ past, sighting: sightingOf(past, box) }];
    });
    const sightings = seen.map(({ sighting }) => ({ ...sighting, track: '00000000', presenceMs: 0, isHeld: false }));
    const { places, calibrationVersion } = place(sightings);
    const made = seen.map(({ past, sighting }, index) => ({
      past,
      template: templates.add({ sighting, placed: places[index]!, calibrationVersion }),
    }));
    const frame = { seen: made, calibrationVersion };
    known.set(agents, frame);
    return frame;
  }

  const place = (sightings: Sighting[]) =>
    placer.place({
      version: 1,
      id: messageId(view.id, SIMULATED_REVISION, 0),
      camera: view.id,
      revision: SIMULATED_REVISION,
      sequence: 0,
      areaPath,
      model: SIMULATED_MODEL,
      ...{ capturedAtMs: 0, receivedAtMs: 0, watchedFromMs: 0, watchedToMs: 0 },
      looks: 1,
      sightings,
    });

  function lookAt(sequence: number, atMs: number, { span, into }: Wanted): PastLook | undefined {
    // The first look of a span is a whole one as well: from it on the camera watches.
    const isFirst = atMs - LOOK_MS < span.fromMs;
    const isWhole = isFirst || sequence % STANDING_EVERY === 0;
    const moment = frames.at(atMs);
    const first = into.sightings();
    let calibrationVersion = 0;
    for (const part of moment.parts) {
      const frame = frameOf(part.agents);
      calibrationVersion = frame.calibrationVersion;
      for (const { past, template } of frame.seen) {
        if (past.isStanding && !isWhole) continue;
        const thing = thingOf(past, part, moment);
        if (thing === undefined) continue;
        const forMs = past.isStanding ? untilNextWhole(sequence) * LOOK_MS : LOOK_MS;
        into.addSighting(template, thing.identity, Math.min(forMs, span.toMs - atMs));
      }
    }
    const sightings = into.sightings() - first;
    if (sightings === 0 && !isWhole) return undefined;
    const camera = { camera: view.id, areaPath: path, calibrationVersion };
    return { ...camera, sequence, atMs, toMs: atMs, looks: 1, first, sightings };
  }

  return function writeLooks({ span, chunk, into }: Wanted): void {
    const beginMs = Math.max(span.fromMs, chunk.fromMs);
    let open: PastLook | undefined;
    for (let sequence = Math.ceil((beginMs - offsetMs) / LOOK_MS); ; sequence++) {
      const atMs = sequence * LOOK_MS + offsetMs;
      const isOver = atMs >= span.toMs;
      // After the chunk's end one is looked for, which says until when the last one speaks; it is not kept.
      const isKept = atMs < chunk.toMs;
      const mark = into.sightings();
      const look = isOver ? undefined : lookAt(sequence, atMs, { span, chunk, into });
      if (!isKept) into.dropSightings(mark);
      if (open !== undefined && (isOver || look !== undefined)) {
        open.toMs = Math.min(atMs, span.toMs);
        into.addLook(open);
        open = undefined;
      } else if (open !== undefined) open.looks += 1;
      if (isOver) return;
      if (look === undefined) continue;
      if (!isKept) return;
      open = look;
    }
  };
}

const untilNextWhole = (sequence: number) => STANDING_EVERY - (sequence % STANDING_EVERY);

function sightingOf({ agent }: PastAgent, box: Box): Pick<Sighting, 'kind' | 'score' | 'box'> {
  return { kind: agent.kind, score: 0.5 + Math.round(agent.visible * 45) / 100, box };
}
