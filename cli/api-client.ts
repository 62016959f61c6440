/** The command line as a client of the API: a base URL, a token, and problems turned into FaultErrors. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import type { Problem } from '#models/schema/problem.ts';
import type { Config } from '#system/config.ts';
import { findRunningSite } from './running-site.ts';

type Headers = Record<string, string>;

export type ApiClient = {
  url: string;
  request: (method: string, path: string, body?: unknown, headers?: Headers) => Promise<Response>;
  /** The same, for an answer that may take longer than others. */
  requestWithin: (timeoutMs: number, method: string, path: string, body?: unknown) => Promise<Response>;
  json: <Answer>(method: string, path: string, body?: unknown, headers?: Headers) => Promise<Answer>;
};

const TIMEOUT_MS = 90_000;

/** `SHARP_EYES_URL` and `SHARP_EYES_TOKEN` win; else the site that runs here, with the token it left for its owner. */
export function openApi(config: Config, env: NodeJS.ProcessEnv = process.env): ApiClient {
  const site = findRunningSite(config);
  const url = (env.SHARP_EYES_URL ?? site?.url ?? `http://127.0.0.1:${config.apiPort}`).replace(/\/$/, '');
  const tokenPath = resolve(site?.dataDir ?? config.dataDir, 'secrets', 'cli-token');
  const token = env.SHARP_EYES_TOKEN ?? (existsSync(tokenPath) ? readFileSync(tokenPath, 'utf8').trim() : '');

  type Asked = { method: string; path: string; body: unknown; headers: Headers; timeoutMs: number };
  async function send({ method, path, body, headers, timeoutMs }: Asked): Promise<Response> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: Error) => {
      throw new FaultError('api-unreachable', `${url} does not answer (${String(cause.cause ?? cause.message)})`, {
        cause,
      });
    });
    if (!response.ok) throw await asFault(response);
    return response;
  }
  const request: ApiClient['request'] = (method, path, body, headers = {}) =>
    send({ method, path, body, headers, timeoutMs: TIMEOUT_MS });
  const requestWithin: ApiClient['requestWithin'] = (timeoutMs, method, path, body) =>
    send({ method, path, body, headers: {}, timeoutMs });
  return { url, request, requestWithin, json: async (...asked) => (await request(...asked)).json() };
}

async function asFault(response: Response): Promise<FaultError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    const code = isFaultCode(problem.code) ? problem.code : 'internal';
    return new FaultError(
      code,
      problem.detail ?? problem.title,
      problem.cure === undefined ? {} : { cure: problem.cure },
    );
  } catch {
    return new FaultError('internal', `the API answered ${response.status}: ${text.slice(0, 300)}`);
  }
}
