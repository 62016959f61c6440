/**
 * Follows the head of one camera for as long as it is wanted: where it stands is asked every two seconds.
 *
 * Ends by itself where the device has no PTZ service, tells no position, or says that this camera does not turn: it is
 * then left alone. What fails is tried again after a growing wait, a refused login after half an hour.
 */
import { openOnvifClient } from '#ingest/onvif/client.ts';
import { type DeviceServices, readServices } from '#ingest/onvif/device-services.ts';
import type { Logins } from '#ingest/onvif/logins.ts';
import { readProfiles } from '#ingest/onvif/media.ts';
import { SoapFault } from '#ingest/onvif/soap.ts';
import type { Device } from '#models/schema/camera.ts';
import { faultCodeOf } from '#models/schema/fault.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { type Preset, type Reading, readPresets, readStatus } from './position.ts';

export type HeadOptions = {
  camera: string;
  device: Pick<Device, 'host' | 'port' | 'channel' | 'profile'>;
  user: string | undefined;
  password: string | undefined;
  logins: Logins;
  onReading: (reading: Reading, presets: readonly Preset[]) => void;
  signal: AbortSignal;
  logger: Logger;
  everyMs?: number;
};

const EVERY_MS = 2000;
const PRESETS_EVERY_MS = 10 * 60_000;
const BACKOFF = { baseMs: 2000, capMs: 60_000 };
const REFUSED_MS = 30 * 60_000;
const REFUSAL = /^camera-(unauthorised|forbidden|locked|login-needed|needs-sha-256|basic-only|clock)$/;

/** Never throws. */
export async function followHead(options: HeadOptions): Promise<void> {
  const { camera, signal, logger } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const end = await followOnce(options, () => {
        failures = 0;
      });
      if (!signal.aborted) logger.info({ camera, end }, 'no head to follow');
      return;
    } catch (error) {
      if (signal.aborted) return;
      const code = faultCodeOf(error);
      const waitMs = REFUSAL.test(code) ? REFUSED_MS : backoffMs(failures++, BACKOFF);
      logger.info({ camera, code, waitMs, reason: (error as Error).message }, 'head not followed');
      await pause(waitMs, signal);
    }
  }
}

/** Returns why there is nothing to follow. */
async function followOnce(options: HeadOptions, onAnswer: () => void): Promise<string> {
  const { device, user, password, logins, signal, everyMs = EVERY_MS } = options;
  const { host, port } = device;
  const place = { host, ...(port === undefined ? {} : { port }), ...(user === undefined ? {} : { user, password }) };
  const client = await openOnvifClient({ ...place, logins, signal });
  await client.readClock().catch(() => undefined);
  const services = await readServices(client);
  if (!services.has('ptz')) return 'the device has no PTZ service';
  const profile = await findTurning(services, device);
  if (profile === undefined) return 'the device tells no position of this camera';
  let presets: readonly Preset[] = [];
  let presetsAtMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const beganAtMs = performance.now();
    const reading = await readStatus(services, profile);
    if (reading === undefined) return 'the device no longer tells its position';
    onAnswer();
    if (beganAtMs - presetsAtMs > PRESETS_EVERY_MS) {
      // A head without presets stands somewhere all the same.
      presets = await readPresets(services, profile).catch(() => presets);
      presetsAtMs = beganAtMs;
    }
    options.onReading(reading, presets);
    await pause(Math.max(everyMs / 10, everyMs - (performance.now() - beganAtMs)), signal);
  }
  return 'it is no longer wanted';
}

/** The profile of this camera that has a head: its own, else another one of its channel. */
async function findTurning(services: DeviceServices, device: HeadOptions['device']): Promise<string | undefined> {
  const told = await readProfiles(services);
  const own = told.filter(({ channel }) => device.channel === undefined || channel === device.channel);
  const tokens = [device.profile, ...own.map(({ token }) => token)].filter((token) => token !== undefined);
  for (const token of [...new Set(tokens)].slice(0, PROFILES_TRIED_MAX)) {
    try {
      if ((await readStatus(services, token)) !== undefined) return token;
    } catch (error) {
      if (!(error instanceof SoapFault)) throw error;
    }
  }
  return undefined;
}

const PROFILES_TRIED_MAX = 4;
