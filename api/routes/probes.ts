/** Proves a device before it is a camera: an ingest worker asks it, and each step comes out as it happens. */
import { Readable } from 'node:stream';
import { FAULTS, faultCodeOf } from '#models/schema/fault.ts';
import { ProbeInput, type ProbeStep } from '#models/schema/probe.ts';
import type { App } from '../app.ts';
import { askForProbe } from '../cameras/probe.ts';
import type { Context } from '../context.ts';
import { openStream } from '../live/open-stream.ts';
import { principalOf } from '../rights/enforce.ts';

export function addProbeRoutes(app: App, context: Context): void {
  app.post('/probes', {
    config: { action: 'camera.change' },
    schema: {
      tags: ['cameras'],
      operationId: 'probeDevice',
      summary: 'Prove a device: login, streams as promised and as measured, what to detect on; a line of JSON per step',
      description:
        'Steps with the verdict `wrong` say by `code` and `cure` what to do. The last step, `choice`, names the streams of each channel to detect on and to watch. Closing the connection ends the probe.',
      body: ProbeInput,
      produces: ['application/x-ndjson'],
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      request.auditNote = { host: request.body.host };
      const signal = openStream('probes', reply, { principal, context });
      const steps = await askForProbe(request.body, { context, signal });
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(asLines(steps), { objectMode: false }));
    },
  });
}

async function* asLines(steps: AsyncIterable<ProbeStep>): AsyncGenerator<string> {
  let step: ProbeStep['step'] = 'reachable';
  try {
    for await (const one of steps) {
      step = one.step;
      yield `${JSON.stringify(one)}\n`;
    }
  } catch (error) {
    const code = faultCodeOf(error);
    const { message, cure = FAULTS[code].cure } = error as Error & { cure?: string };
    yield `${JSON.stringify({ step, verdict: 'wrong', message, code, cure, tookMs: 0 } satisfies ProbeStep)}\n`;
  }
}
