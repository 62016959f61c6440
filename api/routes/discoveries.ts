/** Searches for devices: an ingest worker asks the network, and each device comes out as soon as it answers. */
import { Readable } from 'node:stream';
import { knownDevices } from '#models/registry/known-device.ts';
import { DiscoveryInput, type DiscoveryLine, type DiscoveryNews } from '#models/schema/discovered-device.ts';
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { askStream } from '#system/reply-stream.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { openStream } from '../live/open-stream.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

export function addDiscoveryRoutes(app: App, context: Context): void {
  app.post('/discoveries', {
    config: { action: 'camera.change' },
    schema: {
      tags: ['cameras'],
      operationId: 'discoverDevices',
      summary: 'Search for devices; each comes as a line of JSON when it answers, and again when more is known',
      description:
        'Without hosts and ranges everybody is asked by multicast, from the machine of an ingest worker. The last line has `end`. Closing the connection ends the search.',
      body: DiscoveryInput,
      produces: ['application/x-ndjson'],
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { hosts = [], ranges = [] } = request.body;
      request.auditNote = { hosts: hosts.length, ranges: ranges.join(' ') };
      const signal = openStream('searches', reply, { principal, context });
      const news = await askStream(context.broker, CONTROL.discover, request.body, {
        signal,
        nobody: () => new FaultError('no-worker', 'no ingest worker is there to search'),
      });
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(
          Readable.from(asLines(news as AsyncIterable<DiscoveryNews>, { principal, context }), { objectMode: false }),
        );
    },
  });
}

async function* asLines(
  news: AsyncIterable<DiscoveryNews>,
  from: { principal: Principal; context: Context },
): AsyncGenerator<string> {
  const lineOf = linesFor(from);
  try {
    for await (const piece of news) {
      const line = lineOf(piece);
      if (line !== undefined) yield `${JSON.stringify(line)}\n`;
    }
  } catch (error) {
    const code = faultCodeOf(error);
    const { message, cure = FAULTS[code].cure } = error as Error & { cure?: string };
    yield `${JSON.stringify({ end: true, code, message, cure } satisfies DiscoveryLine)}\n`;
  }
}

function linesFor({ principal, context }: { principal: Principal; context: Context }) {
  const keysAt = new Map<string, Set<string>>();
  const { scope } = principal.user;
  return (piece: DiscoveryNews): DiscoveryLine | undefined => {
    if (piece.type === 'end') return { end: true, ...piece.tally };
    if (piece.type === 'gone') return undefined;
    const { device } = piece;
    const beside = keysAt.get(device.host) ?? new Set();
    keysAt.set(device.host, beside.add(device.key));
    const seen = context.cameras.list().filter(({ area }) => isInScope(scope, { area, tree: context.tree() }));
    const [says] = device.saysItIsAt;
    return {
      ...device,
      ...(says === undefined ? {} : { says }),
      cameras: knownDevices(seen).camerasOf(device, beside.size === 1),
    };
  };
}
