/** A virtual ONVIF device: Device and Media (Profile S) over SOAP 1.2, with WS-Security digest, for one RTSP camera. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type OnvifProfile = {
  token: string;
  name: string;
  codec: 'H264' | 'H265';
  width: number;
  height: number;
  fps: number;
  streamUrl: string;
};

export type OnvifDeviceOptions = {
  /** 0 takes a free one. */
  port: number;
  manufacturer: string;
  model: string;
  profiles: OnvifProfile[];
  user?: string;
  password?: string;
  /** The device's clock is this far ahead; real ones are 40 minutes off. */
  clockOffsetS?: number;
};

export type OnvifDevice = AsyncDisposable & { port: number; url: string };

const ENVELOPE = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>${body}</s:Body></s:Envelope>`;

const FAULT = (subcode: string, text: string) =>
  `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${text}</s:Text></s:Reason></s:Fault>`;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function dateParts(date: Date): string {
  return `<tt:Time><tt:Hour>${date.getUTCHours()}</tt:Hour><tt:Minute>${date.getUTCMinutes()}</tt:Minute><tt:Second>${date.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${date.getUTCFullYear()}</tt:Year><tt:Month>${date.getUTCMonth() + 1}</tt:Month><tt:Day>${date.getUTCDate()}</tt:Day></tt:Date>`;
}

function profileXml(profile: OnvifProfile): string {
  return `<trt:Profiles token="${profile.token}" fixed="true"><tt:Name>${escaped(profile.name)}</tt:Name><tt:VideoSourceConfiguration token="vs"><tt:Name>vs</tt:Name><tt:UseCount>1</tt:UseCount><tt:SourceToken>source</tt:SourceToken><tt:Bounds x="0" y="0" width="${profile.width}" height="${profile.height}"/></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="${profile.token}-encoder"><tt:Name>${escaped(profile.name)}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${profile.codec}</tt:Encoding><tt:Resolution><tt:Width>${profile.width}</tt:Width><tt:Height>${profile.height}</tt:Height></tt:Resolution><tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>${profile.fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>`;
}

/** Action → body of the answer; undefined for what the device does not know. */
function answer(action: string, request: string, options: OnvifDeviceOptions, url: string): string | undefined {
  const services = (tag: string, uri: string) =>
    `<tds:${tag}><tds:Namespace>${uri}</tds:Namespace><tds:XAddr>${url}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:${tag}>`;
  const asked = /ProfileToken[^>]*>([^<]+)</.exec(request)?.[1];
  const profile = options.profiles.find(({ token }) => token === asked) ?? options.profiles[0];
  const now = new Date(Date.now() + (options.clockOffsetS ?? 0) * 1000);
  switch (action) {
    case 'GetSystemDateAndTime':
      return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime>${dateParts(now)}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
    case 'GetServices':
      return `<tds:GetServicesResponse>${services('Service', 'http://www.onvif.org/ver10/device/wsdl')}${services('Service', 'http://www.onvif.org/ver10/media/wsdl')}</tds:GetServicesResponse>`;
    case 'GetDeviceInformation':
      return `<tds:GetDeviceInformationResponse><tds:Manufacturer>${escaped(options.manufacturer)}</tds:Manufacturer><tds:Model>${escaped(options.model)}</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion><tds:SerialNumber>0</tds:SerialNumber><tds:HardwareId>virtual</tds:HardwareId></tds:GetDeviceInformationResponse>`;
    case 'GetProfiles':
      return `<trt:GetProfilesResponse>${options.profiles.map(profileXml).join('')}</trt:GetProfilesResponse>`;
    case 'GetVideoSources':
      return `<trt:GetVideoSourcesResponse><trt:VideoSources token="source"><tt:Framerate>${profile?.fps ?? 25}</tt:Framerate><tt:Resolution><tt:Width>${profile?.width ?? 0}</tt:Width><tt:Height>${profile?.height ?? 0}</tt:Height></tt:Resolution></trt:VideoSources></trt:GetVideoSourcesResponse>`;
    case 'GetStreamUri':
      return `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${escaped(profile?.streamUrl ?? '')}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>`;
    default:
      return undefined;
  }
}

/** WS-UsernameToken, PasswordDigest = Base64(SHA-1(nonce + created + password)); `Created` within 5 s of the device's clock. */
function isSignedIn(request: string, options: OnvifDeviceOptions): boolean {
  if (options.user === undefined) return true;
  const field = (name: string) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(request)?.[1] ?? '';
  const created = field('Created');
  const offMs = Math.abs(Date.parse(created) - Date.now() - (options.clockOffsetS ?? 0) * 1000);
  const digest = createHash('sha1')
    .update(Buffer.from(field('Nonce'), 'base64'))
    .update(created + (options.password ?? ''))
    .digest('base64');
  return field('Username') === options.user && field('Password') === digest && offMs < 5000;
}

async function respond(request: IncomingMessage, response: ServerResponse, options: OnvifDeviceOptions): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const action = /<[^<>]*Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(text)?.[1] ?? '';
  const say = (status: number, body: string) => {
    response.writeHead(status, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(ENVELOPE(body));
  };
  if (action !== 'GetSystemDateAndTime' && !isSignedIn(text, options))
    return say(400, FAULT('ter:NotAuthorized', 'Sender not authorized'));
  const body = answer(action, text, options, `http://${request.headers.host ?? ''}/onvif/device_service`);
  if (body === undefined) say(400, FAULT('ter:ActionNotSupported', `${action} is not implemented`));
  else say(200, body);
}

export async function startOnvifDevice(options: OnvifDeviceOptions): Promise<OnvifDevice> {
  const server = createServer(
    (request, response) => void respond(request, response, options).catch(() => response.destroy()),
  );
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, '127.0.0.1', done);
  });
  const { port } = server.address() as { port: number };
  return {
    port,
    url: `http://127.0.0.1:${port}/onvif/device_service`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
