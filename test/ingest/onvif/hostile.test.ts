/** Devices that lie, drip, flood and lead elsewhere: each call ends in time, in bounds, with a reason. */
import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openOnvifClient } from '#ingest/onvif/client.ts';
import { readInformation, readServices } from '#ingest/onvif/device-services.ts';
import { createLogins } from '#ingest/onvif/logins.ts';
import { readProfiles } from '#ingest/onvif/media.ts';
import { envelope, fault, type HostileDevice, soapAnswer, startHostileDevice } from './hostile-device.ts';

const PASSWORD = 'sesame-7/@#';

function open({ port }: HostileDevice, options: { timeoutMs?: number; isBasicAllowed?: boolean } = {}) {
  const login = { user: 'admin', password: PASSWORD, logins: createLogins() };
  return openOnvifClient({ host: '127.0.0.1', port, ...login, timeoutMs: 1500, ...options });
}

/** The error of reading who it is, and how long that took. */
async function refusal(device: HostileDevice, options: Parameters<typeof open>[1] = {}) {
  const startMs = performance.now();
  const client = await open(device, options);
  const error = await readInformation(client).then(
    () => undefined,
    (one: unknown) => one as Error & { code?: string },
  );
  return { code: error?.code, message: error?.message ?? '', tookMs: performance.now() - startMs };
}

const INFORMATION =
  '<GetDeviceInformationResponse><Manufacturer>M</Manufacturer><SerialNumber>0012</SerialNumber></GetDeviceInformationResponse>';

describe('an answer', () => {
  it('of 200 MB is left after two, and nothing of it is kept', async () => {
    const chunk = Buffer.alloc(1024 ** 2, 'x');
    await using device = await startHostileDevice(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/soap+xml\r\n\r\n<Envelope>');
      for (let sent = 0; sent < 200 && !socket.destroyed; sent += 1) {
        if (!socket.write(chunk))
          await Promise.race([
            new Promise((drained) => socket.once('drain', drained)),
            new Promise((closed) => socket.once('close', closed)),
          ]);
      }
    });
    const before = process.memoryUsage().rss;
    expect(await refusal(device)).toMatchObject({
      code: 'camera-answer-broken',
      message: expect.stringContaining('longer than'),
    });
    expect(device.sentBytes()).toBeLessThan(20 * 1024 ** 2);
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 ** 2);
  });

  it('that drips for ever ends at the deadline', async () => {
    await using device = await startHostileDevice(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/soap+xml\r\n\r\n');
      while (!socket.destroyed) {
        socket.write('<a>');
        await later(50);
      }
    });
    const { code, tookMs } = await refusal(device);
    expect(code).toBe('camera-timed-out');
    expect(tookMs).toBeLessThan(10_000);
  });

  it('that never comes ends at the deadline', async () => {
    await using device = await startHostileDevice(() => undefined);
    expect(await refusal(device)).toMatchObject({ code: 'camera-timed-out' });
  });

  it.each([
    ['200,000 levels deep', '<a>'.repeat(200_000), 'nested deeper'],
    ['of half a million elements', `<a>${'<b/>'.repeat(500_000)}</a>`, 'elements'],
    [
      'with an entity bomb',
      `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(1000)}"><!ENTITY y "&x;&x;&x;&x;">]><Envelope><Body>&y;&y;</Body></Envelope>`,
      'document type',
    ],
    ['with an entity nobody declared', '<Envelope><Body><A>&lol;</A></Body></Envelope>', 'entity'],
    ['that ends in the middle', envelope(INFORMATION).slice(0, -20), 'ends in the middle'],
    ['that is not well-formed', '<Envelope><Body></Envelope>', 'tag'],
  ])('%s is refused', async (_, text, why) => {
    await using device = await startHostileDevice((socket) => {
      const body = text.includes('Envelope') ? text : `<Envelope>${text}`;
      const length = Buffer.byteLength(body);
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${length}\r\n\r\n${body}`);
    });
    const { code, message } = await refusal(device, { timeoutMs: 8000 });
    expect({ code, message }).toEqual({
      code: 'camera-answer-broken',
      message: expect.stringMatching(new RegExp(why, 'i')),
    });
  });

  it('that breaks off before its length is refused', async () => {
    await using device = await startHostileDevice((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n<Envelope>');
      socket.end();
    });
    expect(await refusal(device)).toMatchObject({ code: 'camera-answer-broken' });
  });

  it('over HTTP/1.0 without a length, with a fault first, in latin letters or GBK is read', async () => {
    await using device = await startHostileDevice((socket) => {
      const text = Buffer.concat([
        Buffer.from('<?xml version="1.0" encoding="GB2312"?><Envelope><Body><R><Manufacturer>'),
        Buffer.from([0xd3, 0xdc, 0xc7, 0xc5]),
        Buffer.from('</Manufacturer><SerialNumber>007</SerialNumber></R></Body></Envelope> trailing & rubbish'),
      ]);
      socket.write('HTTP/1.0 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n');
      socket.end(text);
    });
    expect(await readInformation(await open(device))).toMatchObject({ manufacturer: '榆桥', serial: '007' });
  });

  it('of another type than SOAP says that this is no ONVIF', async () => {
    await using page = await startHostileDevice((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html><body>Welcome</body></html>'),
    );
    expect(await refusal(page)).toMatchObject({
      code: 'camera-not-onvif',
      message: expect.stringContaining('text/html'),
    });
    await using ssh = await startHostileDevice((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await refusal(ssh)).toMatchObject({ code: 'camera-answer-broken' });
  });

  it('with values of the wrong types gives an error or a value, never a crash', async () => {
    const bodies = [
      '<GetProfilesResponse/>',
      '<GetProfilesResponse><Profiles/></GetProfilesResponse>',
      '<GetProfilesResponse><Profiles token="a"><Configurations><VideoEncoder GovLength="many"><Resolution><Width>wide</Width><Height>-4</Height></Resolution><RateControl><FrameRateLimit>NaN</FrameRateLimit></RateControl></VideoEncoder></Configurations></Profiles></GetProfilesResponse>',
      '<GetProfilesResponse><Profiles token="__proto__"><Configurations><VideoEncoder><Encoding>H.264</Encoding><Resolution><Width>1e400</Width></Resolution></VideoEncoder></Configurations></Profiles></GetProfilesResponse>',
    ];
    for (const body of bodies) {
      await using device = await startHostileDevice((socket, request) => {
        const at = `http://127.0.0.1:${device.port}/m`;
        const services = `<GetServicesResponse><Service><Namespace>http://www.onvif.org/ver20/media/wsdl</Namespace><XAddr>${at}</XAddr></Service></GetServicesResponse>`;
        socket.end(soapAnswer(request.includes('GetServices') ? services : body));
      });
      const profiles = await readProfiles(await readServices(await open(device))).catch(
        (error: { code: string }) => error.code,
      );
      if (typeof profiles === 'string') expect(profiles).toBe('camera-no-video');
      else
        expect(
          profiles.every(({ width, height, fps, gop }) =>
            [width, height, fps, gop].every((value) => Number.isFinite(value) && value >= 0),
          ),
        ).toBe(true);
    }
  });
});

describe('a device that leads elsewhere', () => {
  it('by a redirect to another host is not followed, and its host gets nothing', async () => {
    await using device = await startHostileDevice((socket) =>
      socket.end('HTTP/1.1 307 Go\r\nlocation: http://192.0.2.9/steal\r\ncontent-length: 0\r\n\r\n'),
    );
    expect(await refusal(device)).toMatchObject({
      code: 'camera-elsewhere',
      message: expect.stringContaining('192.0.2.9'),
    });
  });

  it('by a redirect on the same host is followed, twice at most', async () => {
    await using good = await startHostileDevice((socket) => socket.end(soapAnswer(INFORMATION)));
    await using device = await startHostileDevice((socket) =>
      socket.end(`HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:${good.port}/onvif\r\ncontent-length: 0\r\n\r\n`),
    );
    expect(await readInformation(await open(device))).toMatchObject({ serial: '0012' });
    await using loop = await startHostileDevice((socket) =>
      socket.end('HTTP/1.1 302 Go\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n'),
    );
    expect(await refusal(loop)).toMatchObject({ code: 'camera-not-onvif' });
    expect(loop.received).toHaveLength(3);
  });

  it('by its services’ addresses is asked at its own', async () => {
    await using elsewhere = await startHostileDevice((socket) => socket.end(soapAnswer(INFORMATION)));
    await using device = await startHostileDevice((socket, request) => {
      const address = `http://localhost:${elsewhere.port}/media`;
      const services = `<R><Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace><XAddr>${address}</XAddr></Service></R>`;
      socket.end(soapAnswer(request.includes('GetServices') ? services : '<GetProfilesResponse/>'));
    });
    await expect(readProfiles(await readServices(await open(device)))).rejects.toMatchObject({
      code: 'camera-no-video',
    });
    expect(elsewhere.received).toEqual([]);
  });
});

describe('a login', () => {
  const digest = (algorithm: string) =>
    `www-authenticate: Digest realm="r", qop="auth", nonce="n1", algorithm=${algorithm}\r\n`;
  const refuse = (headers: string, body = '') =>
    `HTTP/1.1 401 Unauthorized\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;

  it.each([
    [
      'that is locked',
      soapAnswer(fault('NotAuthorized', 'The account is locked'), { status: '400 Bad' }),
      'camera-locked',
      1,
    ],
    [
      'at a time that is refused',
      soapAnswer(fault('NotAuthorized', 'Timestamp expired'), { status: '400 Bad' }),
      'camera-clock',
      3,
    ],
    [
      'of a user without the right',
      soapAnswer(fault('OperationProhibited', 'No permission'), { status: '400 Bad' }),
      'camera-forbidden',
      3,
    ],
    [
      'with a wrong password',
      soapAnswer(fault('NotAuthorized', 'Sender not authorized'), { status: '400 Bad' }),
      'camera-unauthorised',
      3,
    ],
    ['by a digest nobody knows', refuse(digest('WHIRLPOOL')), 'camera-needs-sha-256', 1],
    ['by basic only', refuse('www-authenticate: Basic realm="r"\r\n'), 'camera-basic-only', 1],
    ['with too many tries', 'HTTP/1.1 429 Slow down\r\ncontent-length: 0\r\n\r\n', 'camera-locked', 1],
  ])('%s has its own verdict', async (_, answer, code, requests) => {
    await using device = await startHostileDevice((socket) => socket.end(answer));
    expect(await refusal(device)).toMatchObject({ code });
    expect(device.received).toHaveLength(requests);
  });

  it('that a device repeats in its fault does not come out', async () => {
    await using device = await startHostileDevice((socket, request) => {
      const said = /PasswordText">([^<]+)</.exec(request)?.[1] ?? 'digest';
      socket.end(soapAnswer(fault('NotAuthorized', `wrong password ${said}`), { status: '400 Bad' }));
    });
    const { code, message } = await refusal(device);
    expect(code).toBe('camera-unauthorised');
    expect(message).toContain('•••');
    expect(message).not.toContain(PASSWORD);
  });

  it('never goes out as text where the device offers a digest, nor by basic unless that is allowed', async () => {
    await using device = await startHostileDevice((socket) =>
      socket.end(refuse(`${digest('MD5')}www-authenticate: Basic realm="r"\r\n`)),
    );
    await refusal(device, { isBasicAllowed: true });
    expect(device.received.join('')).not.toContain('PasswordText');
    expect(device.received.join('')).not.toMatch(/authorization: basic/i);
    await using basic = await startHostileDevice((socket, request) =>
      socket.end(
        /authorization: basic/i.test(request)
          ? soapAnswer(INFORMATION)
          : refuse('www-authenticate: Basic realm="r"\r\n'),
      ),
    );
    expect(await readInformation(await open(basic, { isBasicAllowed: true }))).toMatchObject({ manufacturer: 'M' });
  });

  it('is signed anew with a new nonce when the old one has grown old', async () => {
    let nonce = 0;
    await using device = await startHostileDevice((socket, request) => {
      const isFresh = request.includes(`nonce="n${nonce}"`);
      if (isFresh) return void socket.end(soapAnswer(INFORMATION));
      nonce += 1;
      socket.end(refuse(`www-authenticate: Digest realm="r", qop="auth", nonce="n${nonce}", stale=true\r\n`));
    });
    const client = await open(device);
    await readInformation(client);
    nonce += 1;
    expect(await readInformation(client)).toMatchObject({ serial: '0012' });
  });
});

describe('a device that speaks SOAP 1.1 only', () => {
  it('is asked again once, and so from then on', async () => {
    await using device = await startHostileDevice((socket, request) => {
      const isOld = request.includes('http://schemas.xmlsoap.org/soap/envelope/');
      socket.end(isOld ? soapAnswer(INFORMATION) : 'HTTP/1.1 415 Unsupported Media Type\r\ncontent-length: 0\r\n\r\n');
    });
    const client = await open(device);
    expect(await readInformation(client)).toMatchObject({ serial: '0012' });
    expect(await readInformation(client)).toMatchObject({ serial: '0012' });
    expect(device.received).toHaveLength(3);
    expect(device.received[1]).toMatch(
      /soapaction: "http:\/\/www.onvif.org\/ver10\/device\/wsdl\/GetDeviceInformation"/i,
    );
  });
});
