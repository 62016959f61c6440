/** A camera's password goes to the camera's host and to no other that an edit names without giving the password again. */
import type { Camera } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';

type Given = { isPasswordGiven: boolean };

/**
 * Throws FaultError `invalid-value` where `watchUrl` or `device.host` of the edited camera names a host that the password
 * does not go to so far: whoever may edit a camera could otherwise have its password sent to a host of theirs.
 */
export function refuseStrangers(former: Camera, edited: Camera, { isPasswordGiven }: Given): void {
  if (edited.source.kind !== 'rtsp' || edited.source.sealedPassword === undefined || isPasswordGiven) return;
  const known = new Set(Object.values(hostsOf(former)));
  const stranger = Object.entries(hostsOf(edited)).find(([, host]) => host !== undefined && !known.has(host));
  if (stranger === undefined) return;
  throw new FaultError('invalid-value', `body.${stranger[0]} names another host: body.password is expected again`, {
    cure: 'Send the password for that host as well, or null where it needs none.',
  });
}

/** Field → host, without its port. */
function hostsOf({ source, watchUrl, device }: Camera): Record<string, string | undefined> {
  return {
    url: source.kind === 'rtsp' ? hostOf(source.url) : undefined,
    watchUrl: watchUrl === undefined ? undefined : hostOf(watchUrl),
    'device.host': device === undefined ? undefined : hostOf(`rtsp://${bracketed(device.host)}`),
  };
}

const bracketed = (host: string) => (/:.*:/.test(host) && !host.startsWith('[') ? `[${host}]` : host);
const hostOf = (url: string) => URL.parse(url)?.hostname.toLowerCase();
