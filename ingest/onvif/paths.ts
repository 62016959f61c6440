/** Finds the stream of a device that does not speak ONVIF: known paths over RTSP, few, slow, and no further after a 401. */
import { FaultError } from '#models/schema/fault.ts';
import type { MediaProfile } from '#models/schema/probe.ts';
import { pause } from '#system/lifecycle.ts';
import { knownPaths } from './known-paths.ts';
import type { Logins } from './logins.ts';
import { describeRtsp, type RtspAsking } from './rtsp-ask.ts';
import { type Target, urlHost } from './target.ts';

const RTSP_PORT = 554;
/** Between two questions: some devices take a burst for an attack. */
const PAUSE_MS = 150;

export type FoundPath = { profile: MediaProfile; make: string; tries: number };

type Options = RtspAsking & { logins: Logins; port?: number };

/**
 * Throws FaultError `camera-unauthorised`, `camera-login-needed`, `camera-not-found`, `camera-locked` or that of the
 * connection.
 */
export async function tryKnownPaths(target: Target, options: Options): Promise<FoundPath> {
  const { logins, port = RTSP_PORT, credentials, ...asking } = options;
  return await logins.alone(target, async () => {
    const paths = knownPaths();
    for (const [index, { make, path }] of paths.entries()) {
      asking.signal?.throwIfAborted();
      const url = `rtsp://${urlHost(target)}${port === RTSP_PORT ? '' : `:${port}`}${path}`;
      const { status, body } = await describeRtsp(target, url, { ...asking, credentials, isBasicAllowed: true });
      if (status === 401 || status === 403) throw refused(target, status, credentials !== undefined);
      if (status === 200 && /^m=video/m.test(body)) {
        return { make, tries: index + 1, profile: profileOf(path, make, url) };
      }
      await pause(PAUSE_MS);
    }
    throw new FaultError('camera-not-found', `${target.host} speaks RTSP, but has none of ${paths.length} known paths`);
  });
}

function refused({ host }: Target, status: number, isSigned: boolean): FaultError {
  if (!isSigned) return new FaultError('camera-login-needed', `${host} wants a login over RTSP`);
  return new FaultError(
    'camera-unauthorised',
    `${host} refuses the user or the password over RTSP (${status}); no further path was tried`,
  );
}

function profileOf(path: string, make: string, url: string): MediaProfile {
  const unknown = { codec: '', width: 0, height: 0, fps: 0, gop: 0, bitrateKbps: 0 };
  return { token: path, name: `${path} (${make})`, channel: '1', url, ...unknown };
}
