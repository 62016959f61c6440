/** What is normal at a camera at a moment: the figures that were read last, asked at every look. */
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { localClock } from '#models/schema/time-zone.ts';

const QUARTER_MS = 900_000;
const WEEK_HOURS = 168;

/** How many things there are at once, by hour of the week (0 is Monday 0 h local), of cameras that were watched enough. */
export type Normals = {
  /** Says which figures these are; the same version has the same figures. */
  version: string;
  of: (
    camera: string,
    kind: string,
    hourOfWeek: number,
  ) => { median: number; spread: number; weeks: number } | undefined;
};

type Normal = { median: number; spread: number };

/** `zone` is the configured time zone. */
export function createNormals(zone: string) {
  const local = localClock(zone);
  let normals: Normals | undefined;

  /** Of all kinds together; undefined where none is known. */
  function normalAt(camera: string, kinds: readonly Kind[], atMs: number): Normal | undefined {
    const { weekday, minute } = local(atMs);
    const hour = (weekday - 1) * 24 + Math.floor(minute / 60);
    const found = kinds.flatMap((kind) => normals?.of(camera, kind, hour) ?? []);
    if (found.length === 0) return undefined;
    const median = found.reduce((sum, one) => sum + one.median, 0);
    return { median, spread: Math.sqrt(found.reduce((sum, one) => sum + one.spread ** 2, 0)) };
  }

  const hasNormal = (camera: string, kind: Kind) =>
    Array.from({ length: WEEK_HOURS }, (_, hour) => hour).some((hour) => normals?.of(camera, kind, hour) !== undefined);

  return {
    set(next: Normals): void {
      normals = next;
    },
    isKnown: (camera: string) => KINDS.some((kind) => hasNormal(camera, kind)),
    /** Of a quarter of an hour, in which no zone's hour begins, there is one answer. */
    normalsFor(camera: string, kinds: readonly Kind[]): (atMs: number) => Normal | undefined {
      let known: { quarter: number; of: Normals | undefined; normal: Normal | undefined } | undefined;
      return (atMs) => {
        const quarter = Math.floor(atMs / QUARTER_MS);
        if (known?.quarter !== quarter || known.of !== normals)
          known = { quarter, of: normals, normal: normalAt(camera, kinds, atMs) };
        return known.normal;
      };
    },
  };
}
