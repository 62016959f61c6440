/** Proves a device step by step, telling each as it happens: from "is anybody there" to the stream to detect on. */
import { hostOf } from '#ingest/read/rtsp-url.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { MediaProfile, ProbeStep } from '#models/schema/probe.ts';
import { chooseStreams } from './choose.ts';
import { type OnvifClient, openOnvifClient } from './client.ts';
import { type DeviceServices, readInformation, readMore, readServices } from './device-services.ts';
import type { Logins } from './logins.ts';
import { readProfiles, type ToldProfile } from './media.ts';
import { tryKnownPaths } from './paths.ts';
import { createStepWriter, type StepWriter } from './probe-steps.ts';
import { proveStreams } from './prove.ts';
import { ONVIF_PORTS, openPorts } from './reach.ts';
import { SoapFault } from './soap.ts';
import { checkStreams, readStreams } from './streams.ts';
import { type NamedTarget, resolveTarget, type Target } from './target.ts';

export type ProbeOptions = NamedTarget & {
  user?: string | undefined;
  password?: string | undefined;
  /** Lets the password go out readable where the device takes nothing else. */
  isBasicAllowed?: boolean;
  logins: Logins;
  signal?: AbortSignal;
  /** How long each stream is measured; 0: not at all, what is promised decides. */
  seconds?: number;
  /** Of a recorder only this channel is measured, or the first; absent: all of them. */
  measured?: { channel: string | undefined };
  /** ONVIF is not asked for. */
  isRtspOnly?: boolean;
  /** Snapshots are made this wide at most. */
  pictureWidthMax?: number;
  /** Whether a registered camera of this host has privacy masks: then no picture of it is made. */
  isMasked?: (host: string) => boolean;
};

/** For everything but measuring. */
const PROBE_MS = 30_000;
const MEASURE_S = 4;
const RTSP_PORT = 554;
const CLOCK_OFF_MS = 60_000;

/** What the stages share; each throws FaultError where the probe cannot go on. */
type Probing = { target: Target; options: ProbeOptions; signal: AbortSignal; write: StepWriter };

/**
 * Steps with the verdict `wrong` say by code what a person has to do; after most of them the probe ends. Ends without a
 * further step when the signal aborts.
 */
export async function* probeDevice(options: ProbeOptions): AsyncGenerator<ProbeStep> {
  const write = createStepWriter(options.password);
  const late = new AbortController();
  const timer = setTimeout(() => {
    const message = `${options.host}: the probe took longer than ${PROBE_MS / 1000} s`;
    late.abort(new FaultError('camera-timed-out', message));
  }, PROBE_MS);
  const outer = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([...outer, late.signal]);
  let current: ProbeStep['step'] = 'reachable';
  try {
    const probing = { target: await resolveTarget(options), options, signal, write };
    let found: MediaProfile[] = [];
    let device: OnvifDevice | undefined;
    for await (const part of findStreams(probing)) {
      if ('next' in part) current = part.next;
      else if ('step' in part) yield part;
      else ({ profiles: found, device } = part);
    }
    clearTimeout(timer);
    if (found.length === 0) return;
    if (options.seconds === 0) {
      yield write.step('choice', 'not measured: chosen by what is promised', {
        choices: chooseStreams(found, new Map()),
      });
      return;
    }
    yield* proveStreams(found, {
      ...{ target: probing.target, write, device },
      ...{ user: options.user, password: options.password },
      seconds: options.seconds ?? MEASURE_S,
      pictureWidthMax: options.pictureWidthMax,
      isMasked: hostsOf(probing.target, found).some((host) => options.isMasked?.(host) === true),
      measured: options.measured,
      signal: options.signal ?? new AbortController().signal,
    });
  } catch (error) {
    if (options.signal?.aborted === true) return;
    yield write.wrong(current, signal.aborted ? signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

/** All names it goes by. */
const hostsOf = ({ host, address }: Target, profiles: readonly MediaProfile[]): string[] =>
  [host, address, ...profiles.map(({ url }) => hostOf(url ?? ''))].map((name) => name.toLowerCase());

/** An ONVIF device that has let us in. */
export type OnvifDevice = { client: OnvifClient; services: DeviceServices; told: readonly ToldProfile[] };

type Part = ProbeStep | { next: ProbeStep['step'] } | { profiles: MediaProfile[]; device: OnvifDevice | undefined };

async function* findStreams(probing: Probing): AsyncGenerator<Part> {
  const { target, options, signal, write } = probing;
  const usual = options.isRtspOnly === true ? [RTSP_PORT] : [...ONVIF_PORTS, RTSP_PORT];
  const ports = options.port === undefined ? usual : [options.port];
  const open = await openPorts(target, ports, signal);
  if (open.length === 0)
    throw new FaultError('camera-refused', `${target.host} is there, but nothing listens on ${ports.join(', ')}`);
  yield write.step(
    'reachable',
    `${target.host}${target.host === target.address ? '' : ` (${target.address})`} answers on ${open.join(', ')}`,
  );
  if (options.isRtspOnly === true) {
    yield { next: 'paths' };
    yield* findByPaths(open, probing);
    return;
  }
  yield { next: 'onvif' };
  const { client, why } = await findOnvif(open, probing);
  if (client === undefined) {
    yield write.warning(
      'onvif',
      why ?? new FaultError('camera-not-onvif', `${target.host} has no port open that may be ONVIF's`),
    );
    yield { next: 'paths' };
    yield* findByPaths(open, probing);
    return;
  }
  yield write.step('onvif', `it speaks ONVIF on port ${client.target.port}`, { port: client.target.port });
  yield clockStep(client, write);
  yield { next: 'login' };
  yield* readDevice(client, probing);
}

/** The client at the first port that answers SOAP. */
async function findOnvif(open: readonly number[], { options, signal }: Probing) {
  let why: unknown;
  for (const port of open.filter((one) => one !== RTSP_PORT)) {
    const client = await openOnvifClient({ ...options, port, signal });
    try {
      await client.readClock();
      return { client };
    } catch (error) {
      if (error instanceof SoapFault) return { client };
      signal.throwIfAborted();
      why ??= error;
    }
  }
  return { why };
}

function clockStep(client: OnvifClient, write: StepWriter): ProbeStep {
  const clock = client.clock();
  if (clock === undefined)
    return write.step('clock', 'it tells its time to nobody; ours is used to sign', { verdict: 'warning' });
  const offsetS = Math.round(clock.offsetMs / 1000);
  const from = clock.from === 'http' ? ', by its HTTP header' : '';
  if (Math.abs(clock.offsetMs) < CLOCK_OFF_MS) {
    const near =
      Math.abs(offsetS) < 2
        ? 'its clock is right'
        : `its clock is ${Math.abs(offsetS)} s ${offsetS > 0 ? 'fast' : 'slow'}`;
    return write.step('clock', `${near}${from}`, { clockOffsetS: offsetS });
  }
  return write.step(
    'clock',
    `its clock is ${said(offsetS)} ${offsetS > 0 ? 'fast' : 'slow'}${from}; logins are signed by it`,
    {
      verdict: 'warning',
      cure: 'Set the device’s clock and time zone, best by NTP.',
      clockOffsetS: offsetS,
    },
  );
}

function said(offsetS: number): string {
  const seconds = Math.abs(offsetS);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}

const LOGINS = {
  none: 'it lets everybody in',
  'wsse-digest': 'WS-Security with a digest of the password',
  'wsse-text': 'WS-Security with the password as text, which everybody on the network can read',
  'http-digest': 'HTTP digest',
  'http-basic': 'HTTP basic, which everybody on the network can read',
} as const;

async function* readDevice(client: OnvifClient, probing: Probing): AsyncGenerator<Part> {
  const { write, target } = probing;
  const information = await readInformation(client).catch((error: unknown) => {
    if (error instanceof SoapFault) return undefined;
    throw error;
  });
  const method = client.login.method() ?? 'none';
  const algorithm = client.login.algorithm();
  yield write.step('login', `${LOGINS[method]}${algorithm === undefined ? '' : ` (${algorithm})`}`, { login: method });
  if (client.clock()?.from !== 'device') {
    await client.readClock().catch(() => undefined);
    if (client.clock()?.from === 'device') yield clockStep(client, write);
  }
  yield { next: 'services' };
  const services = await readServices(client);
  yield write.step('services', services.names.join(', '), { services: [...services.names] });
  yield { next: 'device' };
  if (information !== undefined) {
    const device = { ...information, ...(await readMore(client)) };
    const { manufacturer, model, firmware, serial } = device;
    yield write.step('device', `${manufacturer} ${model}, firmware ${firmware}, serial number ${serial}`, { device });
  }
  yield { next: 'profiles' };
  const told = (await readProfiles(services)).filter(({ width, codec }) => width > 0 || codec !== '');
  const found = await readStreams(services, told, target);
  const { user, password } = probing.options;
  const credentials = user === undefined ? undefined : { user, password: password ?? '' };
  const checking = {
    credentials,
    logins: probing.options.logins,
    signal: probing.signal,
    candidates: found.candidates,
  };
  const { profiles, login } = await checkStreams(found.profiles, target, checking);
  yield profilesStep(profiles, found, probing);
  refuseUnreadable(login, target);
  yield { profiles, device: { client, services, told } };
}

/** libav signs by MD5 only (FFmpeg 8): it would say that the password is wrong. */
function refuseUnreadable(login: string | undefined, { host }: Target): void {
  if (login === undefined || /^(basic|MD5)/i.test(login)) return;
  throw new FaultError(
    'camera-needs-sha-256',
    `${host} takes ${login} only over RTSP, which its streams cannot be read by here`,
  );
}

type Found = { otherHosts: string[]; faults: string[] };

function profilesStep(profiles: MediaProfile[], { otherHosts, faults }: Found, { write, target }: Probing): ProbeStep {
  const channels = new Set(profiles.map(({ channel }) => channel)).size;
  const notes = [
    `${profiles.length} profiles of ${channels} ${channels === 1 ? 'channel' : 'channels'}`,
    ...(otherHosts.length === 0 ? [] : [`it calls itself ${otherHosts.join(', ')}: ${target.host} is asked instead`]),
    ...faults,
  ];
  return write.step('profiles', notes.join('; '), { profiles, verdict: faults.length === 0 ? 'good' : 'warning' });
}

async function* findByPaths(
  open: readonly number[],
  { target, options, signal, write }: Probing,
): AsyncGenerator<Part> {
  const port = open.includes(RTSP_PORT) || options.port === undefined ? RTSP_PORT : options.port;
  const { user, password, logins } = options;
  const credentials = user === undefined ? undefined : { user, password: password ?? '' };
  const { make, tries, profiles } = await tryKnownPaths(target, { port, credentials, logins, signal });
  const message = `over RTSP it has ${profiles.map(({ token }) => token).join(' and ')}, as cameras of ${make} do (path ${tries} of the known ones)`;
  yield write.step('paths', message, { profiles });
  yield { profiles, device: undefined };
}
