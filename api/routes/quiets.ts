/** Spans without alerts: maintenance windows, and snoozes that end by themselves. */
import Type from 'typebox';
import { FaultError } from '#models/schema/fault.ts';
import { Quiet } from '#models/schema/rule.ts';
import { QuietInput, QuietList, RuleParams } from '#models/schema/rule-view.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';
import { isQuietSeen, makeQuiet } from '../rules/quiets.ts';

const tags = ['alerts'];
/** One that ended long ago is told by its audit entry alone. */
const SHOWN_AFTER_END_MS = 7 * 86_400_000;

export function addQuietRoutes(app: App, context: Context): void {
  const { quiets } = context.alerting;

  app.get('/quiets', {
    config: { action: 'rule.read' },
    schema: {
      tags,
      operationId: 'listQuiets',
      summary: 'Spans without alerts: those to come, of now, and of the last week',
      response: { 200: QuietList },
    },
    handler: async (request) => {
      const sinceMs = Date.now() - SHOWN_AFTER_END_MS;
      const seen = quiets.list().filter((quiet) => isQuietSeen(quiet, principalOf(request), context));
      return { quiets: seen.filter(({ toMs }) => toMs > sinceMs).sort((a, b) => a.fromMs - b.fromMs) };
    },
  });

  app.post('/quiets', {
    config: { action: 'quiet.change' },
    schema: {
      tags,
      operationId: 'addQuiet',
      summary: 'Send no alerts of a rule, a camera, an area or their meeting for a while; what is held is counted',
      body: QuietInput,
      response: { 201: Quiet },
    },
    handler: async (request, reply) => {
      const quiet = makeQuiet(request.body, principalOf(request), context);
      const { id, rule, camera, area } = quiet;
      request.auditNote = { quiet: id, rule, camera, area };
      await forgetOld(quiets);
      await quiets.create(id, quiet);
      return reply.code(201).send(quiet);
    },
  });

  app.delete('/quiets/:id', {
    config: { action: 'quiet.change' },
    schema: {
      tags,
      operationId: 'removeQuiet',
      summary: 'End a quiet span, or take one back that has not begun',
      params: RuleParams,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const quiet = quiets.get(request.params.id);
      if (quiet === undefined || !isQuietSeen(quiet, principalOf(request), context)) {
        throw new FaultError('not-found', `there is no quiet span "${request.params.id}" in the areas that you see`);
      }
      request.auditNote.quiet = quiet.id;
      const nowMs = Date.now();
      // One that runs ends now and stays: it explains why nothing was sent meanwhile.
      if (quiet.fromMs < nowMs && quiet.toMs > nowMs) await quiets.put(quiet.id, { ...quiet, toMs: nowMs });
      else await quiets.remove(quiet.id);
      return reply.code(204).send(null);
    },
  });
}

/** So that the table stays small without a timer. */
async function forgetOld(quiets: Context['alerting']['quiets']): Promise<void> {
  const sinceMs = Date.now() - SHOWN_AFTER_END_MS;
  for (const { id, toMs } of quiets.list()) if (toMs < sinceMs) await quiets.remove(id).catch(() => {});
}
