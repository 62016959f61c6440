/**
 * SORT as published (Bewley et al., ICIP 2016, arXiv:1602.00763), to measure our tracker against: one stage, detections
 * above the threshold only, overlap of 0.3, three hits to be told (but at the start), gone after `maxAge` misses.
 */
import { assign } from '#ingest/track/assign.ts';
import { boxOf, correct, type Motion, predict, startMotion } from '#ingest/track/kalman.ts';
import { iou } from '#ingest/track/overlap.ts';
import type { Box, Detection } from '#models/schema/detection.ts';

type SortTrack = { id: string; motion: Motion; hits: number; missed: number };

export function createPlainSort({
  scoreMin,
  maxAge = 1,
  minHits = 3,
}: {
  scoreMin: number;
  maxAge?: number;
  minHits?: number;
}) {
  let tracks: SortTrack[] = [];
  let count = 0;
  let looks = 0;
  let atLastMs: number | undefined;
  return {
    update(all: readonly Detection[], { atMs }: { atMs: number }): { track: string; box: Box }[] {
      looks += 1;
      const detections = all.filter(({ score }) => score >= scoreMin);
      for (const track of tracks) predict(track.motion, (atMs - (atLastMs ?? atMs)) / 1000);
      atLastMs = atMs;
      const possible = tracks.flatMap((track, row) =>
        detections.flatMap((detection, column) => {
          const overlap = iou(boxOf(track.motion), detection.box);
          return overlap >= 0.3 ? [{ row, column, cost: 1 - overlap }] : [];
        }),
      );
      const pairs = assign(possible, 2);
      const columnOf = new Map(pairs.map(({ row, column }) => [row, column]));
      const taken = new Set(columnOf.values());
      tracks.forEach((track, row) => {
        const detection = detections[columnOf.get(row) ?? -1];
        if (detection === undefined) {
          track.missed += 1;
          track.hits = 0;
          return;
        }
        correct(track.motion, detection.box, 1);
        track.hits += 1;
        track.missed = 0;
      });
      for (const [column, detection] of detections.entries()) {
        if (taken.has(column)) continue;
        count += 1;
        tracks.push({ id: `sort-${count}`, motion: startMotion(detection.box), hits: 1, missed: 0 });
      }
      tracks = tracks.filter((track) => track.missed <= maxAge);
      const told = tracks.filter((track) => track.missed === 0 && (track.hits >= minHits || looks <= minHits));
      return told.map((track) => ({ track: track.id, box: boxOf(track.motion) }));
    },
  };
}
