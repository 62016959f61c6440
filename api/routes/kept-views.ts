/** Views that people keep under a name: an address of the page, shared or not; who opens one is asked for their own rights. */
import Type from 'typebox';
import { KeptView } from '#models/schema/dashboard.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { findKeptViews, forgetView, keepView } from '../dashboards/kept-views.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['dashboards'];
const { name, isShared, address } = KeptView.properties;
const KeptViewInput = Type.Object({ name, isShared, address }, { additionalProperties: false });

export function addKeptViewRoutes(app: App, context: Context): void {
  app.get('/kept-views', {
    config: { action: 'kept-view.read' },
    schema: {
      tags,
      operationId: 'listKeptViews',
      summary: 'Your kept views, and shared ones whose place you may see',
      response: { 200: Type.Object({ keptViews: Type.Array(KeptView) }) },
    },
    handler: async (request) => ({ keptViews: findKeptViews(principalOf(request), context) }),
  });

  app.post('/kept-views', {
    config: { action: 'kept-view.change' },
    schema: {
      tags,
      operationId: 'keepView',
      summary: 'Keep an address of the page under a name',
      body: KeptViewInput,
      response: { 201: KeptView },
    },
    handler: async (request, reply) => {
      const view = await keepView(request.body, principalOf(request), context);
      request.auditNote = { about: view.id, isShared: view.isShared };
      return reply.code(201).send(view);
    },
  });

  app.delete('/kept-views/:id', {
    config: { action: 'kept-view.change' },
    schema: {
      tags,
      operationId: 'forgetView',
      summary: 'Remove a kept view of yours',
      params: Type.Object({ id: Id }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      request.auditNote = { about: request.params.id };
      await forgetView(request.params.id, principalOf(request), context);
      return reply.code(204).send(null);
    },
  });
}
