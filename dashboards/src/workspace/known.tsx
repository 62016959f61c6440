/** What every view needs to know of the site, read once for all of them: its areas, its zone. */
import { createContext, type ReactNode, use, useMemo } from 'react';
import type { SiteView } from '#models/schema/site-view.ts';
import { api } from '../api-client.ts';
import type { AreaCollection } from '../map/areas.ts';
import { type Polled, usePolled } from '../polled.ts';
import { browserZone } from './zone-time.ts';

export type Known = {
  areas: Polled<AreaCollection>;
  site: Polled<SiteView>;
  /** The site's; the browser's where nobody answers. Undefined until that is known. */
  zone: string | undefined;
};

const EVERY_MS = 60_000;

const KnownContext = createContext<Known | null>(null);

export function KnownProvider({ onSignedOut, children }: { onSignedOut: () => void; children: ReactNode }) {
  const polling = { intervalMs: EVERY_MS, onSignedOut };
  const areas = usePolled('areas', (signal) => api.readAreas({ signal }), polling);
  const site = usePolled('site', (signal) => api.readSite({ signal }), polling);
  const zone = site.data?.timeZone ?? (site.problem === undefined ? undefined : browserZone());
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is polled is another object at each drawing
  const known = useMemo(() => ({ areas, site, zone }), [areas.data, areas.problem, site.data, site.problem, zone]);
  return <KnownContext value={known}>{children}</KnownContext>;
}

export function useKnownSite(): Known {
  const known = use(KnownContext);
  if (known === null) throw new Error('useKnownSite needs a KnownProvider above it');
  return known;
}
