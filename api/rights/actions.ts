/** Every action that a request can be, and which role may do it: the one table of rights. */
import { ROLES, type Role } from '#models/schema/user.ts';

/**
 * `isSiteWide`: it concerns all areas at once, so that somebody whose scope is limited may not; `why` is what they are
 * told. `isAudited`: it changes something, signs in, shows live pictures or exports rows.
 */
type ActionFacts = { roles: readonly Role[]; isAudited?: true; isSiteWide?: true; why?: string };

const EVERYBODY = ROLES;
const PEOPLE_ARE_SITE_WIDE = 'users and their scopes reach beyond single areas';
const RUNNING_IS_SITE_WIDE = 'processes, broker and store serve all areas at once';

export const ACTIONS = {
  /** Nothing is told that needs a right: the page itself, probes, the API's description. */
  public: { roles: EVERYBODY },
  'sign-in': { roles: EVERYBODY, isAudited: true },
  'self.read': { roles: EVERYBODY },
  'self.change': { roles: EVERYBODY, isAudited: true },
  'site.read': { roles: EVERYBODY },
  'area.read': { roles: EVERYBODY },
  'area.change': {
    roles: ['administrator'],
    isAudited: true,
    isSiteWide: true,
    why: 'the tree of areas is what scopes are checked against',
  },
  'camera.read': { roles: EVERYBODY },
  /** A sheet of addresses and logins, less the passwords, leaves the house. */
  'camera.export': { roles: ['administrator', 'engineer'], isAudited: true },
  'camera.history': { roles: ['administrator', 'engineer'] },
  'camera.change': { roles: ['administrator', 'engineer'], isAudited: true },
  'login.read': { roles: ['administrator', 'engineer'] },
  'login.change': { roles: ['administrator', 'engineer'], isAudited: true },
  'calibration.read': { roles: ['administrator', 'engineer', 'analyst'] },
  'calibration.change': { roles: ['administrator', 'engineer'], isAudited: true },
  'health.export': { roles: EVERYBODY, isAudited: true },
  'live.view': { roles: ['administrator', 'engineer', 'officer'], isAudited: true },
  'detection.read': { roles: ['administrator', 'engineer', 'officer'], isAudited: true },
  'figure.read': { roles: ['administrator', 'engineer', 'analyst', 'officer'] },
  /** Tracks are drawn: where single things went. */
  'figure.explain': { roles: ['administrator', 'engineer', 'analyst', 'officer'], isAudited: true },
  /** Figures leave the house as a file. */
  'figure.export': { roles: ['administrator', 'engineer', 'analyst', 'officer'], isAudited: true },
  /** What of figures, alerts and cameras is told to somebody's role anyway. */
  'dashboard.read': { roles: ['administrator', 'engineer', 'analyst', 'officer'] },
  /** Names and ids of what is told to somebody's role anyway. */
  'search.read': { roles: EVERYBODY },
  /** Addresses of views under a name; who opens one is asked for their own rights. */
  'kept-view.read': { roles: EVERYBODY },
  'kept-view.change': { roles: EVERYBODY, isAudited: true },
  'calendar.change': {
    roles: ['administrator', 'analyst'],
    isAudited: true,
    isSiteWide: true,
    why: 'the calendar holds for all areas',
  },
  'coverage.read': { roles: ['administrator', 'engineer', 'analyst', 'officer'] },
  'coverage.export': { roles: ['administrator', 'engineer', 'analyst', 'officer'], isAudited: true },
  'coverage.change': {
    roles: ['administrator', 'engineer'],
    isAudited: true,
    isSiteWide: true,
    why: 'buildings and key places are planned for the whole city',
  },
  'table.read': { roles: EVERYBODY },
  'table.export': { roles: EVERYBODY, isAudited: true },
  'total.change': {
    roles: ['administrator', 'analyst'],
    isAudited: true,
    isSiteWide: true,
    why: 'a sheet of totals may name any area',
  },
  'rule.read': { roles: ['administrator', 'engineer', 'analyst', 'officer'] },
  'rule.change': { roles: ['administrator', 'engineer', 'officer'], isAudited: true },
  /** Tracks are drawn, as by `figure.explain`. */
  'rule.try': { roles: ['administrator', 'engineer', 'analyst', 'officer'], isAudited: true },
  'quiet.change': { roles: ['administrator', 'engineer', 'officer'], isAudited: true },
  'alert.read': { roles: ['administrator', 'engineer', 'analyst', 'officer'] },
  /** A stream that stays open, or credentials for one. */
  'alert.subscribe': { roles: ['administrator', 'engineer', 'analyst', 'officer'], isAudited: true },
  /** Tracks are drawn, as by `figure.explain`. */
  'alert.explain': { roles: ['administrator', 'engineer', 'analyst', 'officer'], isAudited: true },
  'alert.work': { roles: ['administrator', 'officer'], isAudited: true },
  'alert.export': { roles: ['administrator', 'analyst', 'officer'], isAudited: true },
  'channel.read': { roles: ['administrator', 'engineer', 'officer'] },
  /** Alerts leave the house. */
  'channel.change': { roles: ['administrator', 'engineer'], isAudited: true },
  /** Credentials that outlive a sign-in. */
  'subscription.change': { roles: ['administrator', 'officer'], isAudited: true },
  'sql.run': {
    roles: ['administrator', 'analyst'],
    isAudited: true,
    isSiteWide: true,
    why: 'raw SQL sees the rows of every area, and ClickHouse cannot limit a free query to some of them',
  },
  /** People are blurred in them. */
  'evidence.read': { roles: ['administrator', 'engineer', 'officer'], isAudited: true },
  /** Each time with a reason. */
  'evidence.unblur': { roles: ['administrator', 'officer'], isAudited: true },
  'audit.read': { roles: ['administrator'], isAudited: true, isSiteWide: true, why: PEOPLE_ARE_SITE_WIDE },
  'audit.verify': { roles: ['administrator'], isAudited: true, isSiteWide: true, why: PEOPLE_ARE_SITE_WIDE },
  'user.read': { roles: ['administrator'], isSiteWide: true, why: PEOPLE_ARE_SITE_WIDE },
  'user.change': { roles: ['administrator'], isAudited: true, isSiteWide: true, why: PEOPLE_ARE_SITE_WIDE },
  'health.read': { roles: ['administrator', 'operator'], isSiteWide: true, why: RUNNING_IS_SITE_WIDE },
  'metrics.read': { roles: ['administrator', 'operator'], isSiteWide: true, why: RUNNING_IS_SITE_WIDE },
} as const satisfies Record<string, ActionFacts>;

export type Action = keyof typeof ACTIONS;

export function isAction(text: unknown): text is Action {
  return typeof text === 'string' && Object.hasOwn(ACTIONS, text);
}

export function factsOf(action: Action): ActionFacts {
  return ACTIONS[action];
}

/** Actions that somebody who is not signed in may do. */
export const OPEN_ACTIONS: readonly Action[] = ['public', 'sign-in'];
