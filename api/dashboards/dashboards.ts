/** All of dashboards that lasts longer than a request: panels as read, answers that are shared, places at the store. */
import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readPanels } from '#models/panels/read.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { SubjectType } from '#models/schema/panel.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { tooLong } from '../figures/too-long.ts';
import { ClientWentError } from '../live/client-went.ts';
import { principalOf } from '../rights/enforce.ts';
import { askPanel } from './ask-panel.ts';
import { compose, suits } from './compose.ts';
import { openGate } from './lanes.ts';
import { type DashboardQuery, type Question, readQuestion } from './question.ts';
import { type Kept, openShared } from './shared.ts';
import { openVersions } from './version.ts';

type Wanted = { type: SubjectType; id: string; query: DashboardQuery };
type Exchange = { request: FastifyRequest; reply: FastifyReply };

export type Dashboards = {
  /** A dashboard as JSON. */
  answer: (wanted: Wanted, exchange: Exchange) => Promise<Kept>;
  /** All rows of a panel. */
  csv: (wanted: Wanted & { panel: string }, exchange: Exchange) => Promise<string>;
};

const KEPT_BYTES_MAX = 64 * 1024 * 1024;
/** Of the reader's eight lanes in the embedded store two are left to heat maps and tables. */
const PLACES = 6;

export function openDashboards(context: Context): Dashboards {
  const { config, logger, metrics } = context;
  const { panels, faults } = readPanels(config.panelsDir);
  for (const fault of faults) logger.warn({ ...fault, code: 'panel-invalid' }, 'panel left out');
  const panelsVersion = createHash('sha256').update(JSON.stringify(panels)).digest('hex').slice(0, 16);
  const gate = openGate(PLACES);
  const answers = metrics.counter(
    'sharp_eyes_dashboard_answers_total',
    'made: by queries to the store; shared: by those of somebody else',
    ['how'],
  );
  const shared = openShared({ bytesMax: KEPT_BYTES_MAX, onAnswer: (how) => answers.inc({ how }) });
  const readVersion = openVersions(context);

  const read = (wanted: Wanted, { request }: Exchange, signal: AbortSignal) =>
    readQuestion(wanted, { context, principal: principalOf(request), readVersion, signal, panelsVersion });

  async function make(question: Question, user: string, signal: AbortSignal): Promise<Kept> {
    const deadline = AbortSignal.timeout(config.figureTimeoutS * 1000);
    using _place = context.streams.take('figures', user);
    try {
      const ends = AbortSignal.any([context.signal, deadline, signal]);
      const dashboard = await compose(question, { context, panels, gate, signal: ends });
      const etag = `"${createHash('sha256').update(question.key).digest('hex').slice(0, 32)}"`;
      return { body: Buffer.from(JSON.stringify(dashboard)), etag };
    } catch (error) {
      if (!deadline.aborted) throw error;
      throw tooLong('dashboard', { context, cause: error, narrower: 'Ask for a shorter time or a smaller area' });
    }
  }

  return {
    async answer(wanted, exchange) {
      const { request, reply } = exchange;
      const gone = goneWith(reply);
      const question = await read(wanted, exchange, gone);
      const user = principalOf(request).user.id;
      return shared.get(question.key, gone, (signal) => make(question, user, signal));
    },
    async csv(wanted, exchange) {
      const { request, reply } = exchange;
      request.auditNote = { panel: wanted.panel };
      return askFigure({ request, reply, context }, async (signal) => {
        const question = await read(wanted, exchange, signal);
        const panel = panels.find((one) => one.id === wanted.panel && suits(one, question));
        const isAsked =
          panel !== undefined && (question.subject.below !== null || !panel.when.needs.includes('children'));
        if (!isAsked) throw new FaultError('not-found', `this dashboard has no panel "${wanted.panel}"`);
        const { rows, failed } = await gate(signal, () =>
          askPanel(panel, {
            reader: context.reader,
            values: question.values,
            signal,
            rowsMax: Number.POSITIVE_INFINITY,
          }),
        );
        if (failed !== null) throw new FaultError('query-failed', failed);
        const at = panel.columns.map(({ part }) => part === 'time');
        const told = rows.map((row) =>
          row.map((value, index) => (at[index] && typeof value === 'number' ? new Date(value).toISOString() : value)),
        );
        return stringify(told, {
          bom: true,
          header: true,
          escape_formulas: true,
          columns: panel.columns.map(({ name }) => name),
        });
      });
    },
  };
}

function goneWith(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort(new ClientWentError()));
  return gone.signal;
}
