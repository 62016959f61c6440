/** Devices as they answer: one search at a time, by multicast or of what a person named; what was found stays. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { postLines } from '../api-client.ts';
import type { DeviceTold } from './told.ts';

export type Discovery = {
  devices: DeviceTold[];
  isSearching: boolean;
  error: unknown;
  /** Nothing named: everybody who hears the multicast. */
  search: (target?: string) => void;
  stop: () => void;
};

const SEARCH_S = 8;

export function useDiscovery(): Discovery {
  const [devices, setDevices] = useState<DeviceTold[]>([]);
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
      for await (const line of postLines<DeviceTold | { end: true }>('discoveries', bodyOf(target), leaving)) {
        if ('key' in line) setDevices((was) => withDevice(was, line));
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

function bodyOf(target: string | undefined) {
  if (target === undefined) return { seconds: SEARCH_S };
  return target.includes('/') ? { ranges: [target] } : { hosts: [target], seconds: SEARCH_S };
}

function withDevice(devices: DeviceTold[], device: DeviceTold): DeviceTold[] {
  const at = devices.findIndex(({ key }) => key === device.key);
  return at === -1 ? [...devices, device] : devices.with(at, device);
}
