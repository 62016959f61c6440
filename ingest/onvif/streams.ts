/** The streams behind a device's profiles: their addresses led back to the named host, and checked over RTSP. */
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { MediaProfile } from '#models/schema/probe.ts';
import { streamUrls } from './addresses.ts';
import type { DeviceServices } from './device-services.ts';
import type { Logins } from './logins.ts';
import { readStreamUri, type ToldProfile } from './media.ts';
import { describeRtsp, type RtspAnswer, type RtspAsking } from './rtsp-ask.ts';
import { bestDigest } from './sign.ts';
import { SoapFault } from './soap.ts';
import type { Target } from './target.ts';

export type FoundStreams = {
  profiles: MediaProfile[];
  /** Hosts that the device names instead of its own. */
  otherHosts: string[];
  /** Profiles that have no address, with the reason. */
  faults: string[];
};

/** Throws FaultError where none has an address. */
export async function readStreams(
  services: DeviceServices,
  told: readonly ToldProfile[],
  target: Target,
): Promise<FoundStreams & { candidates: ReadonlyMap<string, readonly string[]> }> {
  const found: FoundStreams = { profiles: [], otherHosts: [], faults: [] };
  const candidates = new Map<string, readonly string[]>();
  for (const one of told) {
    const { version: _version, ...profile } = one;
    try {
      const address = streamUrls(await readStreamUri(services, one), target);
      const url = address?.urls[0];
      if (address === undefined || url === undefined) {
        throw new FaultError('camera-answer-broken', `profile ${one.token} has an address that is none of RTSP`);
      }
      candidates.set(one.token, address.urls);
      found.profiles.push({ ...profile, url });
      if (address.otherHost !== undefined) found.otherHosts.push(address.otherHost);
    } catch (error) {
      if (!(error instanceof SoapFault) && faultCodeOf(error) !== 'camera-answer-broken') throw error;
      found.faults.push((error as Error).message);
      found.profiles.push(profile);
    }
  }
  return { ...found, otherHosts: [...new Set(found.otherHosts)], candidates };
}

export type Checked = {
  /** The profiles with the addresses that answer. */
  profiles: MediaProfile[];
  /** The best that was offered over RTSP: "basic", "MD5", "SHA-256"; undefined where nobody has to sign in. */
  login: string | undefined;
};

/**
 * Asks the first profile's address, the others' hosts and ports being the same; where nothing answers there, the usual
 * port is tried. One login. Throws FaultError with the verdict.
 */
export async function checkStreams(
  profiles: readonly MediaProfile[],
  target: Target,
  options: RtspAsking & { logins: Logins; candidates: ReadonlyMap<string, readonly string[]> },
): Promise<Checked> {
  const { logins, candidates, ...asking } = options;
  const first = profiles.find(({ url }) => url !== undefined);
  if (first?.url === undefined) throw new FaultError('camera-no-video', `${target.host} has no stream address`);
  const urls = candidates.get(first.token) ?? [first.url];
  return await logins.alone(target, async () => {
    for (const [index, url] of urls.entries()) {
      try {
        const answer = await describeRtsp(target, url, { ...asking, isBasicAllowed: true });
        refuse(answer, url, target, asking.credentials !== undefined);
        const moved = profiles.map((profile) => {
          const place = candidates.get(profile.token)?.[index];
          return place === undefined ? profile : { ...profile, url: place };
        });
        return { profiles: moved, login: answer.login };
      } catch (error) {
        const isElsewhere = /^camera-(refused|unreachable|timed-out)$/.test(faultCodeOf(error));
        if (!isElsewhere || index === urls.length - 1) throw error;
      }
    }
    throw new FaultError('camera-no-video', `${target.host} has no stream address`);
  });
}

function refuse({ status, challenges }: RtspAnswer, url: string, { host }: Target, isSigned: boolean): void {
  if (status === 401 && !isSigned) throw new FaultError('camera-login-needed', `${host} wants a login over RTSP`);
  if (status === 401 && bestDigest(challenges)?.hash === 'sha256') {
    throw new FaultError('camera-needs-sha-256', `${host} refuses the login by SHA-256 over RTSP`);
  }
  if (status === 401 || status === 403) {
    throw new FaultError(
      'camera-unauthorised',
      `${host} takes the login over ONVIF, but refuses it over RTSP (${status})`,
    );
  }
  if (status === 404) throw new FaultError('camera-not-found', `${url} is not there, though the device names it`);
  if (status !== 200) throw new FaultError('camera-refused', `${url} is answered with status ${status}`);
}
