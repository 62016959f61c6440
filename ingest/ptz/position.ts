/** Where the head of a device stands, and its presets, by the ONVIF PTZ service. */
import type { DeviceServices } from '#ingest/onvif/device-services.ts';
import { element } from '#ingest/onvif/soap.ts';
import { find, findAll, textAt, type XmlElement } from '#ingest/onvif/xml.ts';
import type { Pose, PtzPreset } from '#models/schema/ptz.ts';

export type Reading = {
  pose: Pose;
  /** undefined where the device does not say. */
  isMoving: boolean | undefined;
};

/** Without a pose where the device does not tell it. */
export type Preset = PtzPreset & { pose?: Pose };

/** More than any head has (the standard's own devices: 256). */
const PRESETS_MAX = 300;
const TIMEOUT_MS = 3000;

/** undefined where the device tells no position. Throws FaultError; SoapFault where the profile does not turn. */
export async function readStatus(services: DeviceServices, profile: string): Promise<Reading | undefined> {
  const body = element('ProfileToken', profile);
  const answer = await services.call('ptz', 'GetStatus', { body, timeoutMs: TIMEOUT_MS });
  const status = find(answer, 'PTZStatus');
  const pose = readPose(find(status, 'Position'));
  if (pose === undefined) return undefined;
  const told = ['PanTilt', 'Zoom'].map((axis) => textAt(status, 'MoveStatus', axis)?.toUpperCase());
  const isKnown = told.includes('MOVING') || told.includes('IDLE');
  return { pose, isMoving: isKnown ? told.includes('MOVING') : undefined };
}

export async function readPresets(services: DeviceServices, profile: string): Promise<Preset[]> {
  const body = element('ProfileToken', profile);
  const answer = await services.call('ptz', 'GetPresets', { body, timeoutMs: TIMEOUT_MS });
  return findAll(answer, 'Preset')
    .slice(0, PRESETS_MAX)
    .flatMap((preset) => {
      const { token = '' } = preset.attributes;
      if (token === '' || token.length > 200) return [];
      const pose = readPose(find(preset, 'PTZPosition'));
      const name = (textAt(preset, 'Name') ?? token).slice(0, 200);
      return [{ token, name, ...(pose === undefined ? {} : { pose }) }];
    });
}

/** A head without zoom stands at zoom 0, one that only zooms at pan and tilt 0. */
function readPose(position: XmlElement | undefined): Pose | undefined {
  const panTilt = find(position, 'PanTilt')?.attributes;
  const zoom = find(position, 'Zoom')?.attributes;
  if (panTilt === undefined && zoom === undefined) return undefined;
  const pose = { pan: Number(panTilt?.x ?? 0), tilt: Number(panTilt?.y ?? 0), zoom: Number(zoom?.x ?? 0) };
  return Object.values(pose).every(Number.isFinite) ? pose : undefined;
}
