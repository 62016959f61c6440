/** Which stored sightings can matter to rules: of kinds that they watch, and of all that the engine may take for one of these. */
import type { ClickHouseClient } from '@clickhouse/client';
import { simpleParts } from '#models/registry/rule-check.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import { DATABASE } from '#system/store-client.ts';
import { SORTS } from '../thing.ts';

type Asked = { cameras: readonly string[]; fromMs: number; toMs: number };

/** What is read of which cameras; of cameras that are not there nothing. */
export type Wanted = readonly { kinds: readonly Kind[]; cameras: readonly string[] }[];

/**
 * Whole sorts, since the engine finds a lost car again as a truck, and sorts that some track of the camera was taken for in
 * turns: what is left out never met what is read, so that the engine makes the same of it as of everything.
 */
export async function readWanted(
  client: ClickHouseClient,
  rules: readonly RuleDraft[],
  { signal, ...asked }: Asked & { signal: AbortSignal },
): Promise<Wanted> {
  const watched = new Set(rules.flatMap(kindsOf));
  const sorts = sortsWith(watched);
  if (sorts.length === 0) return [];
  if (sorts.length === KINDS.length) return [{ kinds: sorts, cameras: asked.cameras }];
  const together = await readTogether(client, asked, signal);
  const groups = new Map<string, { kinds: readonly Kind[]; cameras: string[] }>();
  for (const camera of asked.cameras) {
    const kinds = joined(sorts, together.get(camera) ?? []);
    const group = groups.get(kinds.join()) ?? { kinds, cameras: [] };
    groups.set(kinds.join(), group);
    group.cameras.push(camera);
  }
  return [...groups.values()];
}

function kindsOf({ kinds, when }: RuleDraft): readonly Kind[] {
  if (kinds !== undefined) return kinds;
  const types = simpleParts(when).map((part) => part.when.type);
  if (types.every((type) => type === 'density')) return ['person'];
  if (types.every((type) => type === 'stopped')) return ['motorcycle', 'car', 'bus', 'truck'];
  if (types.every((type) => type === 'camera')) return [];
  return KINDS;
}

const sortsWith = (kinds: ReadonlySet<Kind>) => {
  const sorts = new Set([...kinds].map((kind) => SORTS[kind]));
  return KINDS.filter((kind) => sorts.has(SORTS[kind]));
};

/** `together`: kinds that one track was taken for. */
export function joined(kinds: readonly Kind[], together: readonly (readonly Kind[])[]): readonly Kind[] {
  const all = new Set(kinds);
  for (const one of together) if (one.some((kind) => all.has(kind))) for (const kind of one) all.add(kind);
  const found = sortsWith(all);
  return found.length === kinds.length ? found : joined(found, together);
}

/** By camera. */
async function readTogether(
  client: ClickHouseClient,
  asked: Asked,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Kind[][]>> {
  const result = await client.query({
    query: `SELECT DISTINCT camera, groupBitOr(toUInt8(bitShiftLeft(1, indexOf({kinds: Array(String)}, kind)))) AS bits
      FROM ${DATABASE}.sightings
      WHERE captured_at >= fromUnixTimestamp64Milli({fromMs: Int64}, 'UTC')
        AND captured_at < fromUnixTimestamp64Milli({toMs: Int64}, 'UTC') AND camera IN ({cameras: Array(String)})
      GROUP BY camera, cityHash64(track)`,
    query_params: { ...asked, kinds: KINDS },
    format: 'JSONEachRow',
    abort_signal: signal,
  });
  const found = new Map<string, Kind[][]>();
  for (const { camera, bits } of await result.json<{ camera: string; bits: number }>()) {
    const together = found.get(camera) ?? [];
    found.set(camera, together);
    together.push(KINDS.filter((_, index) => (bits & (2 << index)) !== 0));
  }
  return found;
}
