/** From what somebody sent to a rule that can run, or a fault that names everything that is wrong with it. */
import { checkRule, type RuleWorld } from '#models/registry/rule-check.ts';
import { type FaultCode, FaultError } from '#models/schema/fault.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import { draftFaults } from '#models/schema/rule-faults.ts';
import type { RuleProblem } from '#models/schema/rule-view.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';

type Places = Pick<Context, 'cameras' | 'areas' | 'calibrations' | 'tree'>;

const SAID_MAX = 6;

/** Throws FaultError with the code of the first thing that is wrong; `about.problems` holds all, with their paths. */
export function readDraft(body: unknown, who: Principal, places: Places): RuleDraft {
  const problems = problemsOf(body, who, places);
  const [first] = problems;
  if (first === undefined) return body as RuleDraft;
  const said = problems.slice(0, SAID_MAX).map(({ path, message }) => `${pathText(path)} ${message}`);
  const more = problems.length > SAID_MAX ? `; and ${problems.length - SAID_MAX} more` : '';
  throw new FaultError(first.code as FaultCode, `${said.join('; ')}${more}`, { about: { problems } });
}

/** None: it is a rule. What its writer does not see does not exist. */
export function problemsOf(body: unknown, who: Principal, places: Places): RuleProblem[] {
  const shape = draftFaults(body);
  if (shape.length > 0) return shape.map((fault) => ({ code: 'rule-invalid', ...fault }));
  return checkRule(body as RuleDraft, worldOf(who, places));
}

function worldOf({ user: { scope } }: Principal, { cameras, areas, calibrations, tree }: Places): RuleWorld {
  const isSeen = (area: string | null) => isInScope(scope, { area, tree: tree() });
  return {
    camera(id) {
      const camera = cameras.get(id);
      if (camera === undefined || !isSeen(camera.area)) return undefined;
      return { isCalibrated: calibrations.get(id) !== undefined };
    },
    hasArea: (id) => areas.get(id) !== undefined && isSeen(id),
    camerasOf: (area) => cameras.list().flatMap((camera) => (tree().isWithin(camera.area, area) ? [camera.id] : [])),
  };
}

/** `when.line.points.1`; the rule itself is `it`. */
const pathText = (path: string) => (path === '' ? 'it' : path.slice(1).replaceAll('/', '.'));
