/** What a person types after `detect`, as a source: an RTSP address or the path of a file. */
import { resolve } from 'node:path';
import type { CameraSource } from '#models/schema/camera.ts';

export type TypedSource = { source: CameraSource; password: string | undefined };

type Options = { user?: string | undefined; password?: string | undefined; transport?: 'tcp' | 'udp' | undefined };

/** Credentials in the address are taken out of it, so that it may be logged; those given apart win. */
export function sourceOf(url: string, { user, password, transport = 'tcp' }: Options = {}): TypedSource {
  if (!/^rtsps?:\/\//i.test(url)) {
    const path = url.startsWith('file:') ? decodeURIComponent(url.slice(5).replace(/^\/\//, '')) : url;
    return { source: { kind: 'file', path: resolve(path), isLooped: false }, password: undefined };
  }
  const parts = /^(rtsps?:\/\/)(?:(.*)@)?([^@]*)$/i.exec(url);
  const [, scheme = '', credentials = '', rest = ''] = parts ?? [];
  const [typedUser = '', ...typedPassword] = credentials.split(':');
  const name = user ?? decode(typedUser);
  return {
    source: {
      kind: 'rtsp',
      url: `${scheme.toLowerCase()}${rest}`,
      transport,
      ...(name === '' ? {} : { user: name }),
    },
    password: password ?? (typedPassword.length === 0 ? undefined : decode(typedPassword.join(':'))),
  };
}

/** A password with a lone % is meant as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
