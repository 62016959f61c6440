/**
 * Listens to the events of one device for as long as it is wanted.
 *
 * States: *none* before the first answer, and where the device has no events → *subscribed* once it granted a
 * subscription → *silent* when it cannot be asked, or when nothing came for long although it was asked how things are →
 * *refused* where it does not let us. A subscription that is unknown to the device (it was restarted, or forgot) is made
 * anew at once, other failures after a growing wait, refused logins after half an hour.
 */
import { type OnvifClient, openOnvifClient } from '#ingest/onvif/client.ts';
import { type DeviceServices, readServices } from '#ingest/onvif/device-services.ts';
import type { Logins } from '#ingest/onvif/logins.ts';
import { SoapFault } from '#ingest/onvif/soap.ts';
import type { EventsState } from '#models/schema/camera-event.ts';
import { type FaultCode, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { type Channels, readChannels } from './channels.ts';
import { type Notification, readNotifications } from './notification.ts';
import { openPullPoint, type PullPoint, TERM_S } from './pull-point.ts';

export type EventDevice = { host: string; port?: number; user?: string; password?: string | undefined };

export type EventNews =
  | ({ type: 'state'; state: NonNullable<EventsState['events']> } & Partial<Pick<FaultError, 'code' | 'message'>>)
  | { type: 'channels'; channels: Channels }
  | (Notification & { type: 'notification'; capturedAtMs: number });

export type ListenOptions = {
  signal: AbortSignal;
  logins: Logins;
  logger: Logger;
  /** Without an event for this long the device is asked how things are. */
  quietMs?: number;
  /** Asked of the device for each subscription; it may grant less. */
  termS?: number;
  backoff?: { baseMs: number; capMs: number };
};

/** A make closes connections after 10 s. */
const PULL_MS = 5000;
const PULL_MS_MIN = 1000;
const QUIET_MS = 10 * 60_000;
const BACKOFF = { baseMs: 2000, capMs: 5 * 60_000 };
const REFUSED_MS = 30 * 60_000;
/** A subscription that lasted this many times the shortest wait was a good one. */
const STEADY = 5;
/** A device that does not wait in a pull is not asked more often than this. */
const HASTY_MS = 500;
const HASTY_PAUSE_MS = 2000;
/** Renewing too often crashes cameras, too late loses the subscription: at 60 to 80 % of the term. */
const renewalShare = () => 0.6 + Math.random() * 0.2;

const REFUSALS: readonly FaultCode[] = [
  'camera-unauthorised',
  'camera-forbidden',
  'camera-locked',
  'camera-login-needed',
  'camera-needs-sha-256',
  'camera-basic-only',
  'camera-clock',
];

type Listening = Required<ListenOptions> & { device: EventDevice };

/** Ends when the signal aborts, and never throws. */
export async function* listenToEvents(device: EventDevice, options: ListenOptions): AsyncGenerator<EventNews> {
  const listening: Listening = { quietMs: QUIET_MS, termS: TERM_S, backoff: BACKOFF, ...options, device };
  const { signal, backoff, logger } = listening;
  let failures = 0;
  while (!signal.aborted) {
    let fault: FaultError;
    const beganAtMs = performance.now();
    try {
      fault = yield* subscribeOnce(listening);
    } catch (error) {
      fault = asFault(error, device.host);
    }
    if (signal.aborted) return;
    if (performance.now() - beganAtMs > backoff.baseMs * STEADY) failures = 0;
    const isRefused = REFUSALS.includes(fault.code) || fault.code === 'camera-events-full';
    const state = fault.code === 'camera-no-events' ? 'none' : isRefused ? 'refused' : 'silent';
    yield { type: 'state', state, code: fault.code, message: fault.message };
    const isLong = REFUSALS.includes(fault.code) || fault.code === 'camera-no-events';
    const isForgotten = fault.code === 'camera-events-lost' && failures === 0;
    const waitMs = isLong ? REFUSED_MS : isForgotten ? 0 : backoffMs(failures, backoff);
    failures++;
    logger.info({ host: device.host, code: fault.code, waitMs, reason: fault.message }, 'events interrupted');
    await pause(waitMs, signal);
  }
}

/** Returns why it ended; throws what went wrong before there was a subscription. */
async function* subscribeOnce(listening: Listening): AsyncGenerator<EventNews, FaultError> {
  const { device, logins, signal, logger, termS } = listening;
  // The client outlives the signal a little, to give the subscription back.
  const life = new AbortController();
  const { host, port, user, password } = device;
  const place = { host, ...(port === undefined ? {} : { port }), ...(user === undefined ? {} : { user, password }) };
  let point: PullPoint | undefined;
  const leave = () => {
    if (point === undefined) life.abort();
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    const client = await openOnvifClient({ ...place, logins, signal: life.signal });
    await client.readClock().catch(() => undefined);
    const services = await readServices(client);
    yield { type: 'channels', channels: await readChannels(services) };
    point = await subscribe(client, services, termS);
    logger.info({ host, termS: Math.round(point.termMs() / 1000) }, 'events subscribed');
    yield { type: 'state', state: 'subscribed' };
    return yield* pullAll(point, { ...listening, client });
  } finally {
    signal.removeEventListener('abort', leave);
    // Devices have room for few; one that has forgotten it says so.
    await point?.end().catch(() => undefined);
    life.abort();
  }
}

async function subscribe(client: OnvifClient, services: DeviceServices, termS: number): Promise<PullPoint> {
  try {
    return await openPullPoint(client, services, termS);
  } catch (error) {
    if (!(error instanceof SoapFault)) throw error;
    const code = /NotSupported|NotImplemented/i.test(error.codes.join(' ')) ? 'camera-no-events' : 'camera-events-full';
    throw new FaultError(code, `${client.target.host} makes no subscription: ${error.message}`, { cause: error });
  }
}

async function* pullAll(
  point: PullPoint,
  { signal, client, quietMs, device }: Listening & { client: OnvifClient },
): AsyncGenerator<EventNews, FaultError> {
  const lost = (error: unknown) => lostFault(error, device.host);
  let renewAtMs = performance.now() + point.termMs() * renewalShare();
  let lastEventAtMs = performance.now();
  let askedAtMs: number | undefined;
  let isSilent = false;
  while (!signal.aborted) {
    const beganAtMs = performance.now();
    if (renewAtMs - beganAtMs < PULL_MS_MIN) {
      try {
        await point.renew();
      } catch (error) {
        // Not every device renews: another subscription does as well.
        return lost(error);
      }
      renewAtMs = performance.now() + point.termMs() * renewalShare();
    }
    let count = 0;
    try {
      const waitMs = Math.min(PULL_MS, Math.max(PULL_MS_MIN, renewAtMs - beganAtMs));
      const answer = await unlessAborted(point.pull(waitMs), signal);
      if (answer === undefined) break;
      const { known, others } = readNotifications(answer);
      count = known.length + others;
      const offsetMs = client.clock()?.offsetMs ?? 0;
      for (const one of known) {
        yield { ...one, type: 'notification', capturedAtMs: Math.round((one.deviceAtMs ?? Date.now()) - offsetMs) };
      }
    } catch (error) {
      return lost(error);
    }
    if (count > 0) {
      lastEventAtMs = performance.now();
      askedAtMs = undefined;
      if (isSilent) yield { type: 'state', state: 'subscribed' };
      isSilent = false;
    } else if (performance.now() - beganAtMs < HASTY_MS) {
      await pause(HASTY_PAUSE_MS, signal);
    }
    const quietForMs = performance.now() - Math.max(lastEventAtMs, askedAtMs ?? 0);
    if (quietForMs < quietMs) continue;
    if (askedAtMs !== undefined && !isSilent) {
      isSilent = true;
      const minutes = Math.round((performance.now() - lastEventAtMs) / 60_000);
      const message = `${device.host} has told nothing for ${minutes} minutes, although it was asked how things are`;
      yield { type: 'state', state: 'silent', code: 'camera-events-silent', message };
    }
    askedAtMs = performance.now();
    await point.synchronise().catch(() => undefined);
  }
  return new FaultError('camera-events-lost', `${device.host}: no more events are wanted`);
}

/** Leaves no listener behind, as a race against a signal that lives for days would. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onAbort = () => resolve(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The device does not know the subscription any more: it was restarted, or its time ran out. */
function lostFault(error: unknown, host: string): FaultError {
  if (!(error instanceof SoapFault)) return asFault(error, host);
  return new FaultError('camera-events-lost', `${host} has lost the subscription: ${error.message}`, { cause: error });
}

function asFault(error: unknown, host: string): FaultError {
  if (error instanceof FaultError) return error;
  if (error instanceof SoapFault) {
    return new FaultError('camera-answer-broken', `${host}: ${error.message}`, { cause: error });
  }
  const code = faultCodeOf(error);
  return new FaultError(code, `${host}: ${(error as Error).message}`, { cause: error });
}
