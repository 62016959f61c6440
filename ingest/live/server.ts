/** Live pictures of this worker's cameras over HTTP, for the API only: one JPEG, or an endless row of them (MJPEG). */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULTS, type FaultCode } from '#models/schema/fault.ts';
import type { Logger } from '#system/logs.ts';
import { createPasses, type LivePurpose } from './token.ts';
import type { Picture, View } from './view.ts';

export type LiveServer = AsyncDisposable & {
  /** Where and until when a picture may be fetched. */
  invite: (camera: string, purpose: LivePurpose) => { url: string; expiresAtMs: number };
};

export type LiveServerOptions = { host: string; viewOf: (camera: string) => View | undefined; logger: Logger };

const BOUNDARY = 'sharp-eyes-picture';
const VIEWERS_MAX = 64;
/** A closed gate opens at the next keyframe, and keyframes may come ten seconds apart. */
const FIRST_PICTURE_TIMEOUT_MS = 12_000;
const WRITE_TIMEOUT_MS = 15_000;
const INVITATION_MS = 10_000;

export async function startLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const { host, viewOf, logger } = options;
  const passes = createPasses();
  let viewers = 0;

  const server = createServer((request, response) => {
    const asked = parseRequest(request);
    if (asked === undefined) return refuse(response, 'not-found', 'only /live/<camera>.mjpeg and .jpg are here');
    if (!passes.isGood(asked.token, asked)) return refuse(response, 'forbidden', 'the token is not good, or too old');
    const view = viewOf(asked.camera);
    if (view === undefined) return refuse(response, 'not-found', `this worker does not have ${asked.camera}`);
    if (viewers >= VIEWERS_MAX) return refuse(response, 'too-many-streams', `${VIEWERS_MAX} live views are open`);
    viewers++;
    const answer = asked.purpose === 'jpeg' ? sendPicture(view, response) : streamPictures(view, response);
    answer
      .catch((error: Error) => {
        logger.debug({ camera: asked.camera, error: error.message }, 'live view ended');
        response.destroy();
      })
      .finally(() => viewers--);
  });
  server.requestTimeout = 10_000;
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

  return {
    invite(camera, purpose) {
      viewOf(camera)?.invite(INVITATION_MS);
      const { token, expiresAtMs } = passes.issue(camera, purpose);
      const ending = purpose === 'jpeg' ? 'jpg' : 'mjpeg';
      return { url: `http://${authority}/live/${camera}.${ending}?token=${token}`, expiresAtMs };
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function parseRequest({
  method,
  url = '',
}: IncomingMessage): { camera: string; purpose: LivePurpose; token: string } | undefined {
  // Not every target that HTTP lets through is a URL: `//` is none, and a throw here would end the worker.
  const parsed = URL.parse(url, 'http://worker');
  if (parsed === null) return undefined;
  const { pathname, searchParams } = parsed;
  const [, camera, ending] = /^\/live\/([a-z0-9-]+)\.(mjpeg|jpg)$/.exec(pathname) ?? [];
  if (method !== 'GET' || camera === undefined) return undefined;
  return { camera, purpose: ending === 'jpg' ? 'jpeg' : 'mjpeg', token: searchParams.get('token') ?? '' };
}

function refuse(response: ServerResponse, code: FaultCode, detail: string): void {
  const { status, title, cure } = FAULTS[code];
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, code, detail, cure }));
}

function closed(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

async function sendPicture(view: View, response: ServerResponse): Promise<void> {
  const signal = AbortSignal.any([closed(response), AbortSignal.timeout(FIRST_PICTURE_TIMEOUT_MS)]);
  for await (const { jpeg, capturedAtMs } of view.pictures({ signal })) {
    response.writeHead(200, {
      'content-type': 'image/jpeg',
      'content-length': jpeg.length,
      'cache-control': 'no-store',
      'x-captured-at-ms': capturedAtMs,
    });
    response.end(jpeg);
    return;
  }
  refuse(response, 'camera-timed-out', 'no picture came in time');
}

/** multipart/x-mixed-replace as browsers know it; each part carries X-Captured-At-Ms, to match boxes with it. */
async function streamPictures(view: View, response: ServerResponse): Promise<void> {
  const signal = closed(response);
  response.writeHead(200, {
    'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.flushHeaders();
  for await (const picture of view.pictures({ signal })) {
    if (!response.write(partOf(picture))) {
      await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(WRITE_TIMEOUT_MS)]) });
    }
  }
  response.end(`--${BOUNDARY}--\r\n`);
}

function partOf({ jpeg, capturedAtMs }: Picture): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\nX-Captured-At-Ms: ${capturedAtMs}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]);
}
