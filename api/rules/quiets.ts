/** Quiet spans: whom they concern, who sees them, and how one is made. */
import { randomBytes } from 'node:crypto';
import { FaultError } from '#models/schema/fault.ts';
import type { Quiet } from '#models/schema/rule.ts';
import { QUIET_MAX_MS, type QuietInput } from '#models/schema/rule-view.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { isRuleSeen } from './scope.ts';

type Places = Pick<Context, 'alerting' | 'cameras' | 'areas' | 'tree'>;
type Named = Pick<Quiet, 'rule' | 'camera' | 'area'>;

/** One that names nothing silences everything: only who sees everything sees it, and may make it. */
export function isQuietSeen(quiet: Named, principal: Principal, places: Places): boolean {
  const { scope } = principal.user;
  if (scope.length === 0) return true;
  const tree = places.tree();
  const camera = quiet.camera === undefined ? undefined : places.cameras.get(quiet.camera);
  const rule = quiet.rule === undefined ? undefined : places.alerting.rules.get(quiet.rule);
  const isSeen = [
    quiet.area === undefined ? undefined : isInScope(scope, { area: quiet.area, tree }),
    quiet.camera === undefined ? undefined : isInScope(scope, { area: camera?.area ?? null, tree }),
    quiet.rule === undefined ? undefined : rule !== undefined && isRuleSeen(rule, principal, places),
  ].filter((one) => one !== undefined);
  return isSeen.length > 0 && isSeen.every(Boolean);
}

/** Throws FaultError `quiet-invalid` where its times contradict, `not-found` for what its maker does not see. */
export function makeQuiet(input: QuietInput, principal: Principal, places: Places, nowMs = Date.now()): Quiet {
  const fromMs = input.fromMs ?? nowMs;
  if (input.kind === 'snooze' && input.fromMs !== undefined && input.fromMs > nowMs) {
    throw invalid('a snooze begins at once: leave fromMs away, or make it a maintenance window');
  }
  if (input.toMs <= fromMs) throw invalid('it ends before it begins');
  if (input.toMs <= nowMs) throw invalid('it is over already');
  if (input.toMs - fromMs > QUIET_MAX_MS) throw invalid(`it lasts longer than ${QUIET_MAX_MS / 86_400_000} days`);
  refuseUnknown(input, places);
  if (!isQuietSeen(input, principal, places)) {
    throw new FaultError(
      'not-found',
      'it would silence more than the areas that you see: name a rule, camera or area of yours',
    );
  }
  const { kind, rule, camera, area, toMs, reason } = input;
  const named = {
    ...(rule === undefined ? {} : { rule }),
    ...(camera === undefined ? {} : { camera }),
    ...(area === undefined ? {} : { area }),
  };
  return { id: `quiet-${randomBytes(6).toString('hex')}`, kind, ...named, fromMs, toMs, reason, by: principal.user.id };
}

const invalid = (what: string) => new FaultError('quiet-invalid', `the quiet span cannot be: ${what}`);

function refuseUnknown({ rule, camera, area }: Named, { alerting, cameras, areas }: Places): void {
  const missing =
    rule !== undefined && alerting.rules.get(rule) === undefined
      ? `rule "${rule}"`
      : camera !== undefined && cameras.get(camera) === undefined
        ? `camera "${camera}"`
        : area !== undefined && areas.get(area) === undefined
          ? `area "${area}"`
          : undefined;
  if (missing !== undefined) throw new FaultError('not-found', `there is no ${missing}`);
}
