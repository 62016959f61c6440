/** The URL that libav gets, the only one with credentials in it; everything that is shown or logged has none. */
import type { RtspSource } from '#models/schema/camera.ts';

/** User and password are percent-encoded whole (`@ : / # %` are common in them); libav decodes them. */
export function rtspUrlWithCredentials(source: RtspSource, password?: string): string {
  if (source.user === undefined || source.user === '') return source.url;
  const user = encodeURIComponent(source.user);
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  return withoutCredentials(source.url).replace('://', `://${user}${secret}@`);
}

/** `rtsp://user:secret@host/path` → `rtsp://host/path`. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z]+:\/\/)(?:[^/]*@)/i, '$1');
}

/** Host name or address, without port and brackets; empty where the URL has none. */
export function hostOf(url: string): string {
  return (
    /^[a-z]+:\/\/(?:[^/]*@)?(\[[^\]]+\]|[^:/?#]+)/i
      .exec(url)?.[1]
      ?.replace(/^\[|\]$/g, '')
      .toLowerCase() ?? ''
  );
}
