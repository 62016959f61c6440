/** What an ONVIF service knows of the device that it answers for. */
import type { EventHub } from './events.ts';
import type { Habits } from './habits.ts';
import type { ImagingSettings } from './imaging-service.ts';
import type { Ptz } from './ptz.ts';
import type { Prefix, SoapRequest } from './soap.ts';
import type { Markup } from './xml.ts';

export type OnvifProfile = {
  token: string;
  name: string;
  codec: 'H264' | 'H265';
  width: number;
  height: number;
  fps: number;
  /** The whole address, or its part after the host that was asked: ":8554/main". */
  streamUrl: string;
  /** Of the video source; recorders have several. Default: the one there is. */
  source?: string;
};

export type Identity = {
  manufacturer: string;
  model: string;
  firmware: string;
  serial: string;
  hardware: string;
  /** What somebody called it, and where it hangs. */
  name: string;
  location: string;
  uuid: string;
};

export type DeviceContext = {
  identity: Identity;
  habits: Habits;
  profiles: readonly OnvifProfile[];
  user: string | undefined;
  /** "http://host:port" and "host" as answers name them. */
  address: string;
  host: string;
  /** The path that was asked. */
  path: string;
  /** The device's own clock. */
  nowMs: () => number;
  events: EventHub;
  imaging: Map<string, ImagingSettings>;
  ptz: Ptz | undefined;
  reboot: () => void;
};

export type Handler = (request: SoapRequest, device: DeviceContext) => Markup | Promise<Markup>;

export type Service = { prefix: Prefix; path: string; handlers: Readonly<Record<string, Handler>> };

export const DEFAULT_SOURCE = 'video-source-1';

export const sourceOf = (profile: OnvifProfile) => profile.source ?? DEFAULT_SOURCE;

/** The video sources with their largest profile. */
export function sourcesOf({ profiles }: Pick<DeviceContext, 'profiles'>): { token: string; profile: OnvifProfile }[] {
  const groups = Map.groupBy(profiles, sourceOf);
  return [...groups].map(([token, group]) => ({
    token,
    profile: group.reduce((best, one) => (one.width * one.height > best.width * best.height ? one : best)),
  }));
}
