/** What there is to look at: every view of the page, and what opens within it. */
import type { Page } from 'playwright-core';
import type { AreaCollection } from '#dashboards/src/map/areas.ts';
import { hrefOf, VIEWS } from '#dashboards/src/workspace/view.ts';
import type { IncidentList } from '#models/schema/alert-view.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { RuleView } from '#models/schema/rule-view.ts';

/** `isSignedOut`: as somebody sees it who has not signed in. */
export type PageToSee = { name: string; href: string; isSignedOut?: boolean };

/** With what the site holds: the alert that has pictures, a camera, a rule, the widest area. */
export async function pagesToSee(page: Page): Promise<PageToSee[]> {
  const ask = <Answer>(path: string) =>
    page.evaluate(async (url) => (await fetch(url)).json() as Promise<unknown>, `/api/v1/${path}`) as Promise<Answer>;
  const { incidents } = await ask<IncidentList>('incidents?limit=100');
  const { cameras } = await ask<{ cameras: CameraView[] }>('cameras');
  const { rules } = await ask<{ rules: RuleView[] }>('rules');
  const { features } = await ask<AreaCollection>('areas');
  const seen = incidents.find(({ evidence }) => evidence?.state === 'kept') ?? incidents[0];
  const camera = cameras.find(({ state }) => state?.state === 'live') ?? cameras[0];
  const widest = features.find(({ properties }) => properties.parent === null)?.properties.id;
  const opened: [name: string, href: string | undefined][] = [
    ['alert', seen && hrefOf('alerts', seen.incident.id)],
    ['camera', camera && hrefOf('map', '', `camera=${camera.id}`)],
    ['map-play', hrefOf('map', '', 'range=day&play=hour')],
    ['map-areas', hrefOf('map', '', 'level=grid&measure=speed')],
    ['map-close', camera?.position && hrefOf('map', '', `at=${camera.position.lon},${camera.position.lat},18.4`)],
    ['camera-health', camera && hrefOf('health', camera.id)],
    ['camera-work', camera && hrefOf('cameras', camera.id)],
    ['rule', rules[0] && hrefOf('rules', rules[0].id)],
    ['stage', hrefOf('operations', 'ingest')],
    ['webhook', hrefOf('channels', ':new-webhook')],
  ];
  return [
    ...VIEWS.map((view) => ({
      name: view,
      href: view === 'dashboard' && widest !== undefined ? `#/dashboard/area/${widest}?range=day` : hrefOf(view),
    })),
    ...opened.flatMap(([name, href]) => (href === undefined ? [] : [{ name, href }])),
    { name: 'division', href: 'division' },
    { name: 'sign-in', href: '', isSignedOut: true },
  ];
}
