/** How cameras were, from their stored history, as the words on them that the engine would have heard. */
import type { ClickHouseClient } from '@clickhouse/client';
import { simpleParts } from '#models/registry/rule-check.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import { DATABASE } from '#system/store-client.ts';
import type { CameraWord, Trouble } from '../look.ts';

export type Words = {
  /** When the next one is; infinite after the last. */
  nextAtMs: () => number;
  until: (atMs: number) => Iterable<CameraWord>;
};

type Asked = { cameras: readonly string[]; fromMs: number; toMs: number };
type Row = { camera: string; fromMs: number; toMs: number; state: string; reason: string; path: string };

/** Workers repeat what they say. */
const REPEAT_MS = 15_000;
const WORDS_MAX = 2_000_000;

/** Reasons of the history that are troubles; what devices say themselves is not stored. */
const TROUBLES: Record<string, Trouble> = {
  'picture-covered': 'tampered',
  'picture-white': 'tampered',
  'picture-blurred': 'tampered',
  'view-moved': 'moved',
  'picture-frozen': 'frozen',
  'picture-black': 'dark',
};
const TOLD = ['down', 'tampered', 'moved', 'frozen', 'dark'] as const satisfies Trouble[];

/** Nothing is read where no rule waits for a camera's trouble. */
export async function readWords(
  client: ClickHouseClient,
  { cameras, fromMs, toMs }: Asked,
  { rules, signal }: { rules: readonly RuleDraft[]; signal: AbortSignal },
): Promise<Words> {
  const isWanted = rules.some(({ when }) => simpleParts(when).some((part) => part.when.type === 'camera'));
  const rows = isWanted ? await readRows(client, { cameras, fromMs, toMs }, signal) : [];
  const words = rows
    .flatMap((row) => wordsOf(row, fromMs, toMs))
    .sort((a, b) => a.atMs - b.atMs)
    .slice(0, WORDS_MAX);
  let next = 0;
  return {
    nextAtMs: () => words[next]?.atMs ?? Number.POSITIVE_INFINITY,
    *until(atMs) {
      while (next < words.length && words[next]!.atMs <= atMs) yield words[next++]!;
    },
  };
}

async function readRows(client: ClickHouseClient, asked: Asked, signal: AbortSignal): Promise<Row[]> {
  const millis = (column: string) => `toFloat64(toUnixTimestamp64Milli(${column}))`;
  const result = await client.query({
    query: `SELECT camera, ${millis('state_from')} AS fromMs, ${millis('state_to')} AS toMs, state, reason, area_path AS path
      FROM ${DATABASE}.camera_states FINAL
      WHERE camera IN ({cameras: Array(String)}) AND state_to >= fromUnixTimestamp64Milli({fromMs: Int64}, 'UTC')
        AND state_from < fromUnixTimestamp64Milli({toMs: Int64}, 'UTC')
      ORDER BY state_from`,
    query_params: asked,
    format: 'JSONEachRow',
    abort_signal: signal,
  });
  return result.json<Row>();
}

/** A trouble is said again and again, as it lasts; that all is well once. */
function wordsOf({ camera, fromMs, toMs, state, reason, path }: Row, beginMs: number, endMs: number): CameraWord[] {
  const trouble = state === 'down' ? 'down' : TROUBLES[reason];
  const [firstMs, lastMs] = [Math.max(fromMs, beginMs), Math.min(toMs, endMs)];
  const times = [firstMs];
  for (let atMs = firstMs + REPEAT_MS; trouble !== undefined && atMs < lastMs; atMs += REPEAT_MS) times.push(atMs);
  if (trouble !== undefined && lastMs > firstMs) times.push(lastMs);
  return times.map((atMs) => ({
    id: `${camera}:state:${atMs}`,
    ...{ camera, areaPath: path.split('.'), atMs, receivedAtMs: atMs },
    troubles: TOLD.map((one) => ({ trouble: one, isOn: one === trouble, sinceMs: one === trouble ? fromMs : atMs })),
  }));
}
