/** Devices as they answer: one search at a time, by multicast or of what a person named; what was found stays. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DiscoveredDevice, DiscoveryInput, DiscoveryNews } from '#models/schema/discovery.ts';
import { postLines } from '../api-client.ts';

/** A device with what a person wants to know of it first. */
export type FoundDevice = DiscoveredDevice & {
  /** Registered cameras of it. */
  cameras: readonly string[];
  isGone: boolean;
};

export type Discovery = {
  devices: readonly FoundDevice[];
  isSearching: boolean;
  error: unknown;
  /** Nothing named: everybody who hears the multicast. */
  search: (target?: string) => void;
  stop: () => void;
};

const SEARCH_S = 8;

export function useDiscovery(): Discovery {
  const [devices, setDevices] = useState<readonly FoundDevice[]>([]);
  const [isSearching, setIsSearching] = useState(false);
  const [error, setError] = useState<unknown>();
  const current = useRef<AbortController>(undefined);
  const stop = useCallback(() => current.current?.abort(), []);

  const search = useCallback((target?: string) => {
    current.current?.abort();
    const leaving = new AbortController();
    current.current = leaving;
    setIsSearching(true);
    setError(undefined);
    const listen = async () => {
      for await (const news of postLines<DiscoveryNews>('discoveries', bodyOf(target), leaving)) {
        setDevices((was) => withNews(was, news));
      }
    };
    listen()
      .catch((failure: unknown) => {
        if (!leaving.signal.aborted) setError(failure);
      })
      .finally(() => {
        if (current.current === leaving) setIsSearching(false);
      });
  }, []);

  useEffect(() => stop, [stop]);
  return { devices, isSearching, error, search, stop };
}

function bodyOf(target: string | undefined): DiscoveryInput {
  if (target === undefined) return { seconds: SEARCH_S };
  return target.includes('/') ? { ranges: [target] } : { hosts: [target] };
}

/** Devices keep their place in the list while more becomes known of them; printers and the like are left out. */
function withNews(devices: readonly FoundDevice[], news: DiscoveryNews): readonly FoundDevice[] {
  if (news.type === 'end') return devices;
  if (news.type === 'gone') return devices.map((each) => (each.id === news.id ? { ...each, isGone: true } : each));
  if (!news.device.isOnvif) return devices;
  const device = { ...news.device, cameras: news.cameras ?? [], isGone: false };
  const at = devices.findIndex(({ id }) => id === device.id);
  return at === -1 ? [...devices, device] : devices.with(at, device);
}
