/** Rules of alerts: list, write, read, change, switch, remove; the engine takes up every change by itself. */
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { type Rule, RuleDraft } from '#models/schema/rule.ts';
import {
  RuleList,
  RuleParams,
  RulePatch,
  type RulePrecision,
  RuleProblem,
  RuleVersions,
  RuleView,
} from '#models/schema/rule-view.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { compileValidator } from '../http/validation.ts';
import { principalOf } from '../rights/enforce.ts';
import { RULE_WAIT_MAX_S, waitForEngine } from '../rules/applied.ts';
import { problemsOf, readDraft } from '../rules/check.ts';
import { readPrecision } from '../rules/precision.ts';
import { findRule, isRuleSeen } from '../rules/scope.ts';
import { addRule, changeRule, draftOf, refuseStaleRule, viewRule } from '../rules/write.ts';
import { IfMatch, withTag } from './cameras.ts';

const tags = ['alerts'];
const Wait = Type.Object(
  {
    wait: Type.Optional(
      Type.Number({ minimum: 0, maximum: RULE_WAIT_MAX_S, description: 'Seconds to wait for the word of the engine' }),
    ),
  },
  { additionalProperties: false },
);

/** A rule is checked by its own words: a union's errors would name every condition that it is not. */
export const checkedByHand: typeof compileValidator = (route) =>
  route.httpPart === 'body' ? (value: unknown) => ({ value }) : compileValidator(route);

export function addRuleRoutes(app: App, context: Context): void {
  addReading(app, context);
  addWriting(app, context);
  addChecking(app, context);
  addSwitching(app, context);
  addRemoving(app, context);
}

function addReading(app: App, context: Context): void {
  const { rules } = context.alerting;

  app.get('/rules', {
    config: { action: 'rule.read' },
    schema: {
      tags,
      operationId: 'listRules',
      summary: 'Every rule of the areas that you see, with what the engine says of it',
      response: { 200: RuleList },
    },
    handler: async (request) => {
      const seen = rules.list().filter((rule) => isRuleSeen(rule, principalOf(request), context));
      const precision = seen.length === 0 ? new Map<string, RulePrecision>() : await readPrecision(context.reader);
      return { rules: seen.map((rule) => ({ ...viewRule(rule, context), ...known(precision.get(rule.id)) })) };
    },
  });

  app.get('/rules/:id', {
    config: { action: 'rule.read' },
    schema: {
      tags,
      operationId: 'readRule',
      summary: 'One rule, with what the engine says of it',
      params: RuleParams,
      response: { 200: RuleView },
    },
    handler: async (request, reply) => {
      const rule = findRule(request.params.id, principalOf(request), context);
      return tagged(reply, rule, context);
    },
  });

  app.get('/rules/:id/versions', {
    config: { action: 'rule.read' },
    schema: {
      tags,
      operationId: 'listRuleVersions',
      summary: 'What a rule was before, newest first',
      params: RuleParams,
      response: { 200: RuleVersions },
    },
    handler: async (request) => {
      const principal = principalOf(request);
      const { id } = findRule(request.params.id, principal, context);
      const versions = await rules.versions(id);
      return { versions: versions.filter((version) => isRuleSeen(version, principal, context)) };
    },
  });
}

function addWriting(app: App, context: Context): void {
  app.post('/rules', {
    config: { action: 'rule.change' },
    validatorCompiler: checkedByHand,
    schema: {
      tags,
      operationId: 'addRule',
      summary: 'Add a rule; where it is enabled it runs within a second',
      querystring: Wait,
      body: RuleDraft,
      response: { 201: RuleView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const draft = readDraft(request.body, principal, context);
      request.auditNote.rule = draft.id;
      const rule = await addRule(draft, principal, context);
      request.auditNote.version = rule.version;
      await waitForEngine(rule, request.query.wait, context);
      return tagged(reply.code(201).header('location', `/api/v1/rules/${rule.id}`), rule, context);
    },
  });

  app.put('/rules/:id', {
    config: { action: 'rule.change' },
    validatorCompiler: checkedByHand,
    schema: {
      tags,
      operationId: 'writeRule',
      summary: 'Write a rule anew; its version grows where something is different',
      params: RuleParams,
      headers: IfMatch,
      querystring: Wait,
      body: RuleDraft,
      response: { 200: RuleView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const former = findRule(request.params.id, principal, context);
      const revision = context.alerting.rules.entry(former.id)?.revision;
      refuseStaleRule(former.id, request.headers['if-match'], context);
      const draft = readDraft({ ...request.body, id: former.id }, principal, context);
      request.auditNote.rule = former.id;
      const rule = await changeRule(former, draft, { who: principal, revision, places: context });
      request.auditNote.version = rule.version;
      await waitForEngine(rule, request.query.wait, context);
      return tagged(reply, rule, context);
    },
  });
}

const known = (precision: RulePrecision | undefined) => (precision === undefined ? {} : { precision });

/** What the page asks while somebody draws, and the command line before it writes the first of many. */
function addChecking(app: App, context: Context): void {
  app.post('/rule-checks', {
    config: { action: 'rule.read' },
    validatorCompiler: checkedByHand,
    schema: {
      tags,
      operationId: 'checkRule',
      summary: 'What is wrong with a rule, without writing it',
      body: RuleDraft,
      response: { 200: Type.Object({ problems: Type.Array(RuleProblem) }) },
    },
    handler: async (request) => ({ problems: problemsOf(request.body, principalOf(request), context) }),
  });
}

function addSwitching(app: App, context: Context): void {
  app.patch('/rules/:id', {
    config: { action: 'rule.change' },
    schema: {
      tags,
      operationId: 'switchRule',
      summary: 'Switch a rule on or off, rename it, or make it graver',
      params: RuleParams,
      headers: IfMatch,
      querystring: Wait,
      body: RulePatch,
      response: { 200: RuleView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const former = findRule(request.params.id, principal, context);
      const revision = context.alerting.rules.entry(former.id)?.revision;
      refuseStaleRule(former.id, request.headers['if-match'], context);
      const draft = { ...draftOf(former), ...request.body };
      request.auditNote = { rule: former.id, isEnabled: draft.isEnabled };
      const rule = await changeRule(former, draft, { who: principal, revision, places: context });
      request.auditNote.version = rule.version;
      await waitForEngine(rule, request.query.wait, context);
      return tagged(reply, rule, context);
    },
  });
}

function addRemoving(app: App, context: Context): void {
  const { rules } = context.alerting;
  app.delete('/rules/:id', {
    config: { action: 'rule.change' },
    schema: {
      tags,
      operationId: 'removeRule',
      summary: 'Remove a rule; its alerts stay',
      params: RuleParams,
      headers: IfMatch,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const rule = findRule(request.params.id, principalOf(request), context);
      const revision = rules.entry(rule.id)?.revision;
      refuseStaleRule(rule.id, request.headers['if-match'], context);
      request.auditNote = { rule: rule.id, version: rule.version };
      await rules.remove(rule.id, revision);
      return reply.code(204).send(null);
    },
  });
}

const tagged = (reply: FastifyReply, rule: Rule, context: Context) => {
  const view = viewRule(rule, context);
  return withTag(reply, view.revision).send(view);
};
