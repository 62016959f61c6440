/** Live views of this worker's cameras over HTTP, for the API only: one JPEG, a row of them (MJPEG), or the video. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULTS, type FaultCode, FaultError } from '#models/schema/fault.ts';
import type { FindingName } from '#models/schema/picture-finding.ts';
import { EVIDENCE_CONTENT_TYPE } from '#models/wire/evidence.ts';
import type { Logger } from '#system/logs.ts';
import { createPasses, type LivePurpose } from './token.ts';
import { serveVideo, type VideoCounts } from './video/serve.ts';
import type { Video } from './video/video.ts';
import type { Picture, View } from './view.ts';

export type LiveServer = AsyncDisposable & {
  /** Where and until when a picture may be fetched. */
  invite: (camera: string, purpose: LivePurpose) => { url: string; expiresAtMs: number };
};

/**
 * The ways to look at a camera. `proofOf`: the picture at which a finding was raised, while it holds. `evidence`: the
 * pictures of an alert that were asked for under that name; throws FaultError.
 */
export type LiveViews = {
  view: View;
  video: Video;
  proofOf?: (finding: FindingName) => Picture | undefined;
  evidence?: (name: string, signal: AbortSignal) => Promise<Buffer>;
};

export type LiveServerOptions = {
  host: string;
  viewsOf: (camera: string) => LiveViews | undefined;
  logger: Logger;
  /** Pictures of videos, when a viewer has gone. */
  onVideo?: VideoCounts;
};

const BOUNDARY = 'sharp-eyes-picture';
const ENDINGS: Record<LivePurpose, string> = {
  jpeg: 'jpg',
  mjpeg: 'mjpeg',
  video: 'mp4',
  proof: 'proof',
  evidence: 'evidence',
};
const PURPOSES = new Map(Object.entries(ENDINGS).map(([purpose, ending]) => [ending, purpose as LivePurpose]));
/** Pictures are encoded, fragments only handed out. */
const VIEWERS_MAX: Record<LivePurpose, number> = { jpeg: 64, mjpeg: 64, video: 512, proof: 64, evidence: 32 };
/** A closed gate opens at the next keyframe, and keyframes may come ten seconds apart. */
const FIRST_PICTURE_TIMEOUT_MS = 12_000;
const WRITE_TIMEOUT_MS = 15_000;
const INVITATION_MS = 10_000;

export async function startLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const { host, viewsOf, logger, onVideo = () => {} } = options;
  const passes = createPasses();
  const viewers: Record<LivePurpose, number> = { jpeg: 0, mjpeg: 0, video: 0, proof: 0, evidence: 0 };

  const server = createServer((request, response) => {
    const asked = parseRequest(request);
    if (asked === undefined)
      return refuse(response, 'not-found', 'only /live/<camera>.mp4, .mjpeg, .jpg, .proof and .evidence are here');
    if (!passes.isGood(asked.token, asked)) return refuse(response, 'forbidden', 'the token is not good, or too old');
    const { camera, purpose } = asked;
    const views = viewsOf(camera);
    if (views === undefined) return refuse(response, 'not-found', `this worker does not have ${camera}`);
    const most = VIEWERS_MAX[purpose];
    if (viewers[purpose] >= most) return refuse(response, 'too-many-streams', `${most} live views are open`);
    viewers[purpose]++;
    const answers: Record<LivePurpose, () => Promise<void>> = {
      jpeg: () => sendPicture(views.view, response),
      mjpeg: () => streamPictures(views.view, response),
      video: () => serveVideo(views.video, response, onVideo),
      proof: async () => sendProof(views.proofOf?.(asked.finding as FindingName), response),
      evidence: () => sendEvidence(views, asked.ask, response),
    };
    answers[purpose]()
      .catch((error: Error) => {
        logger.debug({ camera, error: error.message }, 'live view ended');
        response.destroy();
      })
      .finally(() => viewers[purpose]--);
  });
  server.requestTimeout = 10_000;
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

  return {
    invite(camera, purpose) {
      // A video needs nothing decoded, so the gate need not open for it; a proof is there already.
      if (purpose === 'jpeg' || purpose === 'mjpeg') viewsOf(camera)?.view.invite(INVITATION_MS);
      const { token, expiresAtMs } = passes.issue(camera, purpose);
      return { url: `http://${authority}/live/${camera}.${ENDINGS[purpose]}?token=${token}`, expiresAtMs };
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Asked = { camera: string; purpose: LivePurpose; token: string; finding: string; ask: string };

function parseRequest({ method, url = '' }: IncomingMessage): Asked | undefined {
  // Not every target that HTTP lets through is a URL: `//` is none, and a throw here would end the worker.
  const parsed = URL.parse(url, 'http://worker');
  if (parsed === null) return undefined;
  const { pathname, searchParams } = parsed;
  const [, camera, ending = ''] = /^\/live\/([a-z0-9-]+)\.([a-z0-9]+)$/.exec(pathname) ?? [];
  const purpose = PURPOSES.get(ending);
  if (method !== 'GET' || camera === undefined || purpose === undefined) return undefined;
  const said = (name: string) => searchParams.get(name) ?? '';
  return { camera, purpose, token: said('token'), finding: said('finding'), ask: said('ask') };
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
  for await (const picture of view.pictures({ signal })) return sendJpeg(picture, response);
  refuse(response, 'camera-timed-out', 'no picture came in time');
}

function sendProof(proof: Picture | undefined, response: ServerResponse): void {
  if (proof === undefined) refuse(response, 'not-found', 'the finding does not hold now, so there is no proof of it');
  else sendJpeg(proof, response);
}

async function sendEvidence({ evidence }: LiveViews, name: string, response: ServerResponse): Promise<void> {
  try {
    if (evidence === undefined) throw new FaultError('not-found', 'this camera keeps no pictures of alerts');
    const bundle = await evidence(name, closed(response));
    response.writeHead(200, {
      'content-type': EVIDENCE_CONTENT_TYPE,
      'content-length': bundle.length,
      'cache-control': 'no-store',
    });
    response.end(bundle);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    refuse(response, error.code, error.message);
  }
}

function sendJpeg({ jpeg, capturedAtMs }: Picture, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'image/jpeg',
    'content-length': jpeg.length,
    'cache-control': 'no-store',
    'x-captured-at-ms': capturedAtMs,
  });
  response.end(jpeg);
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
