/** From what a person types (a URL, perhaps with a password in it, or a file) to the source of a camera. */
import { isAbsolute } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import { findMediaFile } from '#system/media-files.ts';

export type TypedAddress = { url: string; user?: string; password?: string };

const HOST = String.raw`(?:[^\s/?#@:\[\]]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?`;
const HOST_START = new RegExp(`^${HOST}(?=[/?#]|$)`);
/** What is an address beyond doubt: with a dot, a port, brackets, or this machine. */
const SURE_HOST_START =
  /^(?:[^\s/?#@:[\]]+\.[^\s/?#@:[\]]+|\[[0-9a-fA-F:.]+\]|localhost|[^\s/?#@:[\]]+(?=:\d))(?::\d{1,5})?(?=[/?#]|$)/;

/**
 * Takes user and password out of an RTSP address. Throws FaultError `invalid-value` that says what is wrong with it,
 * never showing the password.
 */
export function readRtspUrl(typed: string, field: 'url' | 'watchUrl' = 'url'): TypedAddress {
  const invalidUrl = (what: string, cure: string) => new FaultError('invalid-value', `body.${field} ${what}`, { cure });
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(typed.trim()) ?? [];
  if (scheme === undefined || rest === undefined) {
    throw invalidUrl('has no scheme', 'Write rtsp://host[:port]/path; a file goes into the field "file".');
  }
  if (!/^rtsps?$/i.test(scheme)) {
    throw invalidUrl(`has the scheme "${scheme}", expected rtsp or rtsps`, schemeCure(scheme));
  }
  const { place, user, password } = splitCredentials(rest);
  if (!HOST_START.test(place)) {
    throw invalidUrl('has no host', 'Write rtsp://host[:port]/path, and user and password into their own fields.');
  }
  const url = URL.parse(`${scheme.toLowerCase()}://${place}`);
  if (url === null || url.hostname === '' || url.port === '0') {
    throw invalidUrl('has a host or port that cannot be', 'Write rtsp://host[:port]/path with a port from 1 to 65535.');
  }
  return {
    url: url.href,
    ...(user === undefined || user === '' ? {} : { user: decoded(user) }),
    ...(password === undefined ? {} : { password: decoded(password) }),
  };
}

/**
 * A password that nobody encoded may hold @ : / # ? and %, and so may a path: of the places where a host could begin
 * after an @, the first that is an address beyond doubt counts, else the last.
 */
function splitCredentials(rest: string): { place: string; user?: string; password?: string } {
  if (HOST_START.test(rest)) return { place: rest };
  const starts = [...rest.matchAll(/@/g)].map(({ index }) => index + 1);
  const possible = starts.filter((start) => HOST_START.test(rest.slice(start)));
  const start = possible.find((place) => SURE_HOST_START.test(rest.slice(place))) ?? possible.at(-1);
  if (start === undefined) return { place: rest };
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(rest.slice(0, start - 1)) ?? [];
  return { place: rest.slice(start), user, ...(password === undefined ? {} : { password }) };
}

function schemeCure(scheme: string): string {
  if (/^file$/i.test(scheme)) return 'Put the path of a file into the field "file".';
  if (/^https?$/i.test(scheme)) return 'That is the camera’s page; its stream has an address like rtsp://host/path.';
  return 'Write rtsp://host[:port]/path.';
}

/** A lone % is part of a password that nobody encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Throws FaultError `invalid-value`, `file-outside` or `file-missing`. What the file holds is seen by the worker. */
export function checkFile(path: string, { mediaDirs, natsUrl }: Pick<Config, 'mediaDirs' | 'natsUrl'>): string {
  if (!isAbsolute(path)) {
    throw new FaultError('invalid-value', `body.file should be an absolute path, but is "${path}"`, {
      cure: 'Write the whole path, beginning with /.',
    });
  }
  // Our own broker listens on loopback only: then every worker is on this machine.
  findMediaFile(path, { mediaDirs, isHere: natsUrl === '' });
  return path;
}
