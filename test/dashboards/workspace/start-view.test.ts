/** Which view opens first for which role. */
import { expect, it } from 'vitest';
import { startOfRoles } from '#dashboards/src/workspace/start-view.ts';
import { ROLES } from '#models/schema/user.ts';

it('starts each role with what it works with, and whoever has several with the widest', () => {
  expect(Object.fromEntries(ROLES.map((role) => [role, startOfRoles([role])]))).toEqual({
    ...{ administrator: 'map', officer: 'alerts', engineer: 'health', analyst: 'dashboard', operator: 'operations' },
  });
  expect(startOfRoles(['analyst', 'administrator'])).toBe('map');
});
