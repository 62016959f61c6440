/** Which view opens first: what a person has chosen in this browser, else what their role works with. */
import type { Me } from '#models/schema/person-view.ts';
import type { Role } from '#models/schema/user.ts';
import { VIEWS, type ViewName } from './view.ts';

/** Whoever has several roles starts with the first of these. */
const START_OF: readonly (readonly [Role, ViewName])[] = [
  ['administrator', 'map'],
  ['officer', 'alerts'],
  ['engineer', 'health'],
  ['analyst', 'dashboard'],
  ['operator', 'operations'],
];

const keyOf = (me: Me) => `sharp-eyes.start.${me.user.id}`;

export const startOfRoles = (roles: readonly Role[]): ViewName =>
  START_OF.find(([role]) => roles.includes(role))?.[1] ?? 'map';

export function startView(me: Me): ViewName {
  const chosen = localStorage.getItem(keyOf(me));
  return VIEWS.find((each) => each === chosen) ?? startOfRoles(me.user.roles);
}

export function chooseStart(me: Me, view: ViewName): void {
  if (view === startOfRoles(me.user.roles)) localStorage.removeItem(keyOf(me));
  else localStorage.setItem(keyOf(me), view);
}
