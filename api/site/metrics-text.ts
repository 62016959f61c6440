/** One Prometheus page of the whole site: the metrics of every process over NATS, and the store's own. */
import { CONTROL } from '#models/wire/subjects.ts';
import { askAll } from '#system/control.ts';
import { joinMetrics } from '#system/metrics.ts';
import type { Context } from '../context.ts';

const STORE_TIMEOUT_MS = 2000;

export async function collectMetrics(context: Context): Promise<string> {
  const { broker, metrics, config, logger } = context;
  const own = await metrics.registry.getMetricsAsJSON();
  const isUp = broker.isConnected();
  const parts = isUp ? await askAll(broker.connection, CONTROL.metrics) : [own];
  const joined = await joinMetrics(parts.filter((part): part is object => Array.isArray(part)));
  const store = await readStoreMetrics({ config, logger });
  return store === '' ? joined : mergeFamilies([joined, store]);
}

/** Of the embedded store, as text; empty where there is none, or it does not answer. */
export async function readStoreMetrics({ config, logger }: Pick<Context, 'config' | 'logger'>): Promise<string> {
  if (config.clickhouseUrl !== '') return '';
  try {
    const signal = AbortSignal.timeout(STORE_TIMEOUT_MS);
    const response = await fetch(`http://127.0.0.1:${config.storePort}/metrics`, { signal });
    return response.ok ? await response.text() : '';
  } catch (error) {
    logger.debug({ error: (error as Error).message }, 'metrics of the store not read');
    return '';
  }
}

type Family = { head: Map<string, string>; samples: string[] };

/** A family may stand once in a page: samples of the same name from two pages come under one HELP and TYPE. */
export function mergeFamilies(pages: readonly string[]): string {
  const families = new Map<string, Family>();
  for (const page of pages) {
    let family: Family = { head: new Map(), samples: [] };
    for (const line of page.split('\n')) {
      const [, word, name] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (word !== undefined && name !== undefined) {
        family = families.get(name) ?? { head: new Map(), samples: [] };
        families.set(name, family);
        if (!family.head.has(word)) family.head.set(word, line);
      } else if (line !== '' && !line.startsWith('#')) family.samples.push(line);
    }
  }
  const lines = [...families.values()].flatMap(({ head, samples }) => [...head.values(), ...samples]);
  return `${lines.join('\n')}\n`;
}
