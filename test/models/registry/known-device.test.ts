import { describe, expect, it } from 'vitest';
import { knownDevices } from '#models/registry/known-device.ts';
import type { DiscoveredDevice } from '#models/schema/discovered-device.ts';

const found = (more: Partial<DiscoveredDevice>): DiscoveredDevice => ({
  key: 'x',
  host: '10.0.0.7',
  port: 80,
  addresses: ['10.0.0.7', 'fe80::7'],
  services: [],
  saysItIsAt: [],
  isOnvif: true,
  kinds: [],
  profiles: [],
  channels: null,
  answeredTo: [],
  doubts: [],
  firstSeenAtMs: 1,
  seenAtMs: 1,
  ...more,
});

const rtsp = (url: string) => ({ kind: 'rtsp', url });

describe('a device that was found', () => {
  it('is known by its serial number, MAC, or address and port', () => {
    const { camerasOf } = knownDevices([
      { id: 'by-serial', device: { host: '10.9.9.9', serial: '0012' }, source: rtsp('rtsp://10.9.9.9/') },
      { id: 'by-mac', device: { host: '10.9.9.9', mac: '28-57-BE-01-02-03' }, source: rtsp('rtsp://10.9.9.9/') },
      { id: 'by-port', device: { host: '10.0.0.7', port: 8000 }, source: rtsp('rtsp://10.0.0.7/') },
    ]);
    expect(camerasOf(found({ serial: '0012' }), true)).toEqual(['by-serial']);
    expect(camerasOf(found({ mac: '28:57:be:01:02:03' }), true)).toEqual(['by-mac']);
    expect(camerasOf(found({ port: 8000 }), false)).toEqual(['by-port']);
    expect(camerasOf(found({}), true)).toEqual([]);
  });

  it('is known by its stream’s host only where it is alone there', () => {
    const { camerasOf } = knownDevices([
      { id: 'a', source: rtsp('rtsp://10.0.0.7:554/main') },
      { id: 'f', source: { kind: 'file' } },
    ]);
    expect(camerasOf(found({}), true)).toEqual(['a']);
    expect(camerasOf(found({}), false)).toEqual([]);
  });
});
