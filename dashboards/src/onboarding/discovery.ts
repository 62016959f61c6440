/** Devices as they answer: one search at a time, by multicast or of what a person named; what was found stays. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DiscoveredDevice, DiscoveryLine } from '#models/schema/discovered-device.ts';
import type { Problem } from '#models/schema/problem.ts';
import { ApiProblemError, postLines } from '../api-client.ts';

/** A device with what a person wants to know of it first: found, or named by a person and not asked yet. */
export type FoundDevice = Pick<DiscoveredDevice, 'key' | 'host' | 'doubts'> &
  Partial<Pick<DiscoveredDevice, 'port' | 'name' | 'manufacturer' | 'model' | 'mac'>> & {
    /** Registered cameras of it. */
    cameras: readonly string[];
  };

export type Discovery = {
  devices: readonly FoundDevice[];
  isSearching: boolean;
  error: unknown;
  /** No range: everybody who hears the multicast. */
  search: (range?: string) => void;
  /** Puts a device on the list by its address, whether it would answer a search or not; returns its key. */
  name: (address: string) => string;
  stop: () => void;
};

const SEARCH_S = 8;
const BUSY_PATIENCE_MS = 15_000;
const BUSY_PAUSE_MS = 500;

export function useDiscovery(): Discovery {
  const [devices, setDevices] = useState<readonly FoundDevice[]>([]);
  const [isSearching, setIsSearching] = useState(false);
  const [error, setError] = useState<unknown>();
  const current = useRef<AbortController>(undefined);
  const stop = useCallback(() => current.current?.abort(), []);

  const search = useCallback((range?: string) => {
    current.current?.abort();
    const leaving = new AbortController();
    current.current = leaving;
    setIsSearching(true);
    setError(undefined);
    const listen = async (): Promise<void> => {
      for await (const line of postLines<DiscoveryLine>(
        'discoveries',
        range === undefined ? { seconds: SEARCH_S } : { ranges: [range] },
        leaving,
      )) {
        if ('key' in line && line.isOnvif) setDevices((was) => withDevice(was, line));
        else if ('code' in line) throw new ApiProblemError(problemOf(line));
      }
    };
    withPatience(listen, leaving.signal)
      .catch((failure: unknown) => {
        if (!leaving.signal.aborted) setError(failure);
      })
      .finally(() => {
        if (current.current === leaving) setIsSearching(false);
      });
  }, []);

  const name = useCallback((address: string) => {
    const device = namedDevice(address);
    // What a person named is what they look for: it comes first.
    setDevices((was) => [device, ...was.filter(({ key }) => key !== device.key)]);
    return device.key;
  }, []);

  useEffect(() => stop, [stop]);
  return { devices, isSearching, error, search, name, stop };
}

/** A worker searches once at a time: the search before this one may take a moment to end, or be somebody else's. */
async function withPatience(listen: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + BUSY_PATIENCE_MS;
  for (;;) {
    try {
      return await listen();
    } catch (error) {
      const isBusy = error instanceof ApiProblemError && error.problem.code === 'discovery-busy';
      if (!isBusy || signal.aborted || performance.now() > giveUpAt) throw error;
      await new Promise((done) => setTimeout(done, BUSY_PAUSE_MS));
    }
  }
}

/** `host`, `host:port`, or an IPv6 address in brackets. */
function namedDevice(address: string): FoundDevice {
  const url = URL.parse(`http://${address}`);
  const host = url?.hostname ?? address;
  const port = url === null || url.port === '' ? undefined : Number(url.port);
  const key = `named:${address}`;
  return { key, host, ...(port === undefined ? {} : { port }), doubts: [], cameras: [] };
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

/** Devices keep their place in the list while more becomes known of them. */
function withDevice(devices: readonly FoundDevice[], device: FoundDevice): readonly FoundDevice[] {
  const at = devices.findIndex(({ key }) => key === device.key);
  return at === -1 ? [...devices, device] : devices.with(at, device);
}
