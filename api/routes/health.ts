/** Probes for machines, and for people what is well and what is not. */
import Type from 'typebox';
import { HealthReport, SiteView } from '#models/schema/site-view.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';
import { reportHealth } from '../site/health.ts';
import { describeSite, findSimulated } from '../site/site-view.ts';

const Probe = Type.Object({ status: Type.String() });
const tags = ['health'];

/** At the root, where orchestrators look for them. */
export function addProbes(app: App, { broker, signal }: Context): void {
  app.get('/healthz', {
    config: { action: 'public' },
    schema: { tags, operationId: 'isAlive', summary: 'This process is alive', response: { 200: Probe } },
    handler: async () => ({ status: 'alive' }),
  });
  app.get('/readyz', {
    config: { action: 'public' },
    schema: {
      tags,
      operationId: 'isReady',
      summary: 'This process can answer: it has its broker and does not stop',
      response: { 200: Probe, 503: Probe },
    },
    handler: async (_request, reply) => {
      const isReady = broker.isConnected() && !signal.aborted;
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' });
    },
  });
}

export function addHealthRoutes(app: App, context: Context): void {
  app.get('/health', {
    config: { action: 'health.read' },
    schema: {
      tags,
      operationId: 'readHealth',
      summary: 'Every process, the broker, the store and the cameras, with findings and cures',
      response: { 200: HealthReport },
    },
    handler: () => reportHealth(context),
  });
  app.get('/site', {
    config: { action: 'site.read' },
    schema: {
      tags,
      operationId: 'readSite',
      summary: 'What there is, and what is missing',
      response: { 200: SiteView },
    },
    handler: async (request) => {
      const { scope } = principalOf(request).user;
      const tree = context.tree();
      const seen = context.cameras.list().filter(({ area }) => isInScope(scope, { area, tree }));
      const simulated = await findSimulated(context.reader);
      const site = describeSite(context.config, seen.length);
      return { ...site, ...(simulated === undefined ? {} : { simulated }) };
    },
  });
}
