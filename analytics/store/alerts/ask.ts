/** Questions about alerts to the store: conditions with their parameters, rows as objects. */
import type { ClickHouseClient } from '@clickhouse/client';

export type AskOptions = { signal?: AbortSignal };
export type Params = Record<string, unknown>;

/** A condition, the value of its parameter (undefined and empty lists ask nothing), and the parameter's name. */
export type Wanted = readonly [condition: string, value: unknown, name: string];

export function conditions(wanted: readonly Wanted[]): { where: string; params: Params } {
  const asked = wanted.filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return {
    where: asked.map(([condition]) => condition).join('\n  AND '),
    params: Object.fromEntries(asked.map(([, value, name]) => [name, value])),
  };
}

export const IN_AREAS = "hasAny(splitByChar('.', area_path), {areas:Array(String)})";

export async function ask<Row>(
  client: ClickHouseClient,
  query: string,
  params: Params,
  { signal }: AskOptions,
): Promise<Row[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  return result.json<Row>();
}
