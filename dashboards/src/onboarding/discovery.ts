/** Devices as they answer: one search at a time, by multicast or of what a person named; what was found stays. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DiscoveredDevice, DiscoveryInput, DiscoveryLine } from '#models/schema/discovered-device.ts';
import type { Problem } from '#models/schema/problem.ts';
import { ApiProblemError, postLines } from '../api-client.ts';

/** A device with what a person wants to know of it first. */
export type FoundDevice = DiscoveredDevice & {
  /** Registered cameras of it. */
  cameras: readonly string[];
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
      for await (const line of postLines<DiscoveryLine>('discoveries', bodyOf(target), leaving)) {
        if ('key' in line) setDevices((was) => withDevice(was, line));
        else if ('code' in line) setError(new ApiProblemError(problemOf(line)));
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

/** A search that failed on its way says so in its last line. */
const problemOf = ({ code, message, cure }: { code: string; message: string; cure: string }): Problem => ({
  type: 'about:blank',
  title: message,
  status: 500,
  detail: message,
  code,
  cure,
});

/** Devices keep their place in the list while more becomes known of them; printers and the like are left out. */
function withDevice(devices: readonly FoundDevice[], device: FoundDevice): readonly FoundDevice[] {
  if (!device.isOnvif) return devices;
  const at = devices.findIndex(({ key }) => key === device.key);
  return at === -1 ? [...devices, device] : devices.with(at, device);
}
