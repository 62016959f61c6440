/** Talks to one ONVIF device: each call within a deadline and a size, signed as the device takes it, with typed errors. */
import { randomUUID } from 'node:crypto';
import { FaultError } from '#models/schema/fault.ts';
import { type DeviceClock, readSystemTime } from './clock.ts';
import { createLogin, type Login, type Signature, type Tried, UNSIGNED } from './login.ts';
import type { Logins } from './logins.ts';
import { isRefusal, refusalOf } from './refusal.ts';
import type { Credentials } from './sign.ts';
import {
  addressingHeader,
  NAMESPACES,
  readEnvelope,
  type ServiceName,
  SoapFault,
  type SoapVersion,
  writeEnvelope,
} from './soap.ts';
import { type NamedTarget, resolveTarget, type Target, targetUrl } from './target.ts';
import { exchange, type HttpAnswer, type HttpRequest } from './transport.ts';
import { decodeXml, type XmlElement, XmlError } from './xml.ts';

export type OnvifClientOptions = NamedTarget & {
  user?: string | undefined;
  password?: string | undefined;
  isBasicAllowed?: boolean;
  logins: Logins;
  /** Ends every call. */
  signal?: AbortSignal;
  /** Of one call. */
  timeoutMs?: number;
};

export type Call = {
  service: ServiceName;
  action: string;
  /** Markup inside of the action's element, in the service's namespace. */
  body?: string;
  /** Default: the device service. */
  url?: URL;
  /** Asked unsigned first: what the standard lets everybody ask. */
  isOpen?: boolean;
  /** The URI of the action: sends WS-Addressing headers. */
  addressing?: string;
  /** Markup that the device wants to see again in the header (reference parameters of a subscription). */
  header?: string;
  timeoutMs?: number;
};

export type OnvifClient = {
  target: Target;
  login: Login;
  /** Undefined until it was read. */
  clock(): DeviceClock | undefined;
  /** Reads the device's time, unsigned, else from the Date header of any answer; later signatures count by it. */
  readClock(): Promise<DeviceClock | undefined>;
  /** The element of the response. Throws FaultError; SoapFault for what the device refuses to do for other reasons. */
  call(call: Call): Promise<XmlElement>;
  /** A picture or a page of the device's own host, with the login where HTTP asks for it. */
  get(url: URL, options?: { bytesMax?: number; timeoutMs?: number }): Promise<HttpAnswer>;
};

const DEVICE_PATH = '/onvif/device_service';

/** Nothing is sent yet. Throws FaultError where the host's name leads nowhere. */
export async function openOnvifClient(options: OnvifClientOptions): Promise<OnvifClient> {
  const target = await resolveTarget(options);
  const credentials: Credentials | undefined =
    options.user === undefined ? undefined : { user: options.user, password: options.password ?? '' };
  const deviceUrl = targetUrl(target, options.path ?? DEVICE_PATH);
  let clock: DeviceClock | undefined;
  let version: SoapVersion = '1.2';
  let isVersionKnown = false;
  let dateOffsetMs: number | undefined;
  const loginOptions = {
    ...{ target, logins: options.logins, credentials },
    ...(options.isBasicAllowed === undefined ? {} : { isBasicAllowed: options.isBasicAllowed }),
    signal: options.signal,
    deviceNowMs: () => {
      const offsetMs = clock?.offsetMs ?? dateOffsetMs;
      return offsetMs === undefined ? undefined : Date.now() + offsetMs;
    },
  };
  const login = createLogin(loginOptions);
  const webLogin = createLogin({ ...loginOptions, kind: 'http' });

  const send = async (url: URL, request: HttpRequest): Promise<HttpAnswer> => {
    const timeoutMs = request.timeoutMs ?? options.timeoutMs;
    const answer = await exchange(target, url, {
      ...request,
      signal: options.signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    if (answer.dateMs !== undefined) dateOffsetMs = answer.dateMs - Date.now();
    return answer;
  };

  const post = async (call: Call, signature: Signature): Promise<Tried<XmlElement>> => {
    const url = call.url ?? deviceUrl;
    const answer = await send(url, soapRequest(call, { url, signature, version }));
    const mayBeOld = !isVersionKnown && version === '1.2' && signature === UNSIGNED;
    if (mayBeOld && wantsOldSoap(answer)) {
      version = '1.1';
      return await post(call, signature);
    }
    const tried = readAnswer(answer, url);
    isVersionKnown = true;
    return tried;
  };

  const signed = (call: Call) => login.run((signature) => post(call, signature));

  const client: OnvifClient = {
    target,
    login,
    clock: () => clock,
    async readClock() {
      const call: Call = { service: 'device', action: 'GetSystemDateAndTime' };
      const isSigning = login.method() !== undefined;
      const tried = isSigning ? { answer: await signed(call) } : await post(call, UNSIGNED);
      const toldMs = 'answer' in tried ? readSystemTime(tried.answer) : undefined;
      if (toldMs !== undefined) clock = { offsetMs: toldMs - Date.now(), from: 'device' };
      else if (dateOffsetMs !== undefined) clock = { offsetMs: dateOffsetMs, from: 'http' };
      return clock;
    },
    async call(call) {
      try {
        const tried = call.isOpen === true ? await post(call, UNSIGNED) : undefined;
        return tried !== undefined && 'answer' in tried ? tried.answer : await signed(call);
      } catch (error) {
        throw withoutSecret(error, credentials?.password);
      }
    },
    get: (url, request) =>
      webLogin.run(async (signature) => {
        const authorization = signature.authorization('GET', `${url.pathname}${url.search}`);
        const headers = authorization === undefined ? {} : { headers: { authorization } };
        const answer = await send(url, { ...request, ...headers, method: 'GET' });
        return isHttpRefusal(answer) ? { refusal: refusalOf(answer) } : { answer };
      }),
  };
  return client;
}

type Sending = { url: URL; signature: Signature; version: SoapVersion };

function soapRequest(call: Call, { url, signature, version }: Sending): HttpRequest {
  const { service, action, body = '', addressing, header = '', timeoutMs } = call;
  const namespace = NAMESPACES[service];
  const uri = addressing ?? `${namespace}/${action}`;
  const routing =
    addressing === undefined ? '' : addressingHeader({ action: addressing, to: url.href, messageId: randomUUID() });
  const authorization = signature.authorization('POST', `${url.pathname}${url.search}`);
  const typed: Record<string, string> =
    version === '1.2'
      ? { 'content-type': `application/soap+xml; charset=utf-8; action="${uri}"` }
      : { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${uri}"` };
  return {
    body: writeEnvelope({ namespace, action, body, header: `${routing}${header}${signature.security}`, version }),
    headers: { ...typed, ...(authorization === undefined ? {} : { authorization }) },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

const isHttpRefusal = ({ status }: HttpAnswer) => [401, 403, 423, 429].includes(status);

/** Asked before any password is sent, so that trying twice costs nothing. */
function wantsOldSoap({ status, bytes }: HttpAnswer): boolean {
  if (status === 415) return true;
  return status >= 400 && bytes.subarray(0, 4096).includes('VersionMismatch');
}

function readAnswer(answer: HttpAnswer, url: URL): Tried<XmlElement> {
  const text = decodeXml(answer.bytes, answer.contentType);
  const isSoap = /<(?:[\w.-]+:)?Envelope[\s>]/.test(text.slice(0, 4096));
  if (!isSoap) {
    if (isHttpRefusal(answer)) return { refusal: refusalOf(answer) };
    const what = `HTTP ${answer.status}${answer.contentType === '' ? '' : `, ${answer.contentType.slice(0, 60)}`}`;
    throw new FaultError('camera-not-onvif', `${url.host}${url.pathname} answers no SOAP (${what})`);
  }
  try {
    return { answer: readEnvelope(text, answer.status) };
  } catch (error) {
    if (error instanceof XmlError) {
      throw new FaultError('camera-answer-broken', `${url.host}: the answer cannot be read: ${error.message}`, {
        cause: error,
      });
    }
    if (error instanceof SoapFault && isRefusal(error)) return { refusal: refusalOf(answer, error) };
    if (isHttpRefusal(answer)) return { refusal: refusalOf(answer) };
    throw error;
  }
}

/** A device may repeat in its faults what it was sent. */
function withoutSecret(error: unknown, password: string | undefined): unknown {
  if (!(error instanceof Error) || password === undefined || password.length < 3) return error;
  if (error.message.includes(password)) error.message = error.message.replaceAll(password, '•••');
  return error;
}
