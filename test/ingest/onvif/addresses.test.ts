import { describe, expect, it } from 'vitest';
import { serviceUrls, streamUrls } from '#ingest/onvif/addresses.ts';
import { isInnerAddress, readTarget, resolveTarget, type Target } from '#ingest/onvif/target.ts';

const target: Target = { host: 'cam.example', address: '203.0.113.5', port: 8001, scheme: 'http' };
const ipv6: Target = { host: '2001:db8::7', address: '2001:db8::7', port: 80, scheme: 'http' };
const hrefs = (given: string, of = target) => serviceUrls(given, of).map(({ href }) => href);

describe('the address of a service', () => {
  it.each([
    [
      'of the host that was named',
      'http://cam.example:9000/m',
      ['http://cam.example:9000/m', 'http://cam.example:8001/m'],
    ],
    ['by its number', 'http://203.0.113.5/m', ['http://cam.example/m', 'http://cam.example:8001/m']],
    ['of an inner host', 'http://192.168.7.20:80/m?a=1', ['http://cam.example:8001/m?a=1', 'http://cam.example/m?a=1']],
    ['of this machine', 'http://127.0.0.1:22/m', ['http://cam.example:8001/m', 'http://cam.example:22/m']],
    ['with a login and spaces', '  http://u:p@10.0.0.1/m \n', ['http://cam.example:8001/m', 'http://cam.example/m']],
    ['of IPv6 without brackets', 'http://fe80::1:2/m', ['http://cam.example:8001/m', 'http://cam.example/m']],
    ['with nothing behind the host', 'http://10.0.0.1', ['http://cam.example:8001/', 'http://cam.example/']],
    ['of another kind', 'ftp://10.0.0.1/m', []],
    ['that is none', 'nonsense', []],
    ['that is endless', `http://10.0.0.1/${'x'.repeat(5000)}`, []],
  ])('%s is led to the host that was named', (_, given, expected) => {
    expect(hrefs(given)).toEqual(expected);
  });

  it('of a device named by IPv6 has brackets', () => {
    expect(hrefs('http://10.0.0.1/m', ipv6)).toEqual(['http://[2001:db8::7]/m']);
  });
});

describe('the address of a stream', () => {
  it.each([
    [
      'with an inner host',
      'rtsp://192.168.7.20:8554/a?b=1&c=2',
      ['rtsp://cam.example:8554/a?b=1&c=2', 'rtsp://cam.example:554/a?b=1&c=2'],
      '192.168.7.20',
    ],
    ['with its scheme twice', 'rtsp://rtsp://cam.example/a', ['rtsp://cam.example/a'], undefined],
    ['with a login that has an @', 'rtsp://admin:p@ss@203.0.113.5:554/a', ['rtsp://cam.example:554/a'], undefined],
    ['with an empty port', 'rtsp://cam.example:/a', ['rtsp://cam.example/a'], undefined],
    ['with a space in its path', 'rtsp://cam.example/a b', ['rtsp://cam.example/a%20b'], undefined],
  ])('%s is led to the host that was named, and says which it was', (_, given, urls, otherHost) => {
    expect(streamUrls(given, target)).toEqual({ urls, otherHost });
  });

  it('that is none of RTSP is none', () => {
    expect(streamUrls('http://cam.example/a', target)).toBeUndefined();
    expect(streamUrls('', target)).toBeUndefined();
  });
});

describe('a host that is named', () => {
  it.each([
    ['10.0.0.7', { host: '10.0.0.7' }],
    ['cam.example:8000', { host: 'cam.example', port: 8000 }],
    ['[2001:db8::7]:80', { host: '2001:db8::7', port: 80 }],
    ['2001:db8::7', { host: '2001:db8::7' }],
    ['https://cam.example', { host: 'cam.example', scheme: 'https' }],
    ['http://cam.example:81/other?x', { host: 'cam.example', port: 81, scheme: 'http', path: '/other' }],
  ])('%s is read', (text, expected) => expect(readTarget(text)).toEqual(expected));

  it.each(['', 'a b', 'host:0', 'host:99999', 'http://', 'admin:secret@host'])(
    '"%s" is refused without repeating a secret',
    (text) => {
      expect(() => readTarget(text)).toThrow(/is no host/);
      expect(() => readTarget(text)).not.toThrow(/secret/);
    },
  );

  it('may be this machine where it says so, and may not where a name only leads there', async () => {
    expect(await resolveTarget({ host: '127.0.0.1' })).toMatchObject({ address: '127.0.0.1', port: 80 });
    expect(await resolveTarget({ host: 'localhost', port: 1 })).toMatchObject({ port: 1 });
    await expect(resolveTarget({ host: 'ip6-localhost' })).rejects.toMatchObject({
      code: expect.stringMatching(/^camera-(elsewhere|unreachable)$/),
    });
    for (const inner of [
      '127.9.9.9',
      '169.254.1.1',
      '::1',
      'fe80::1%eth0',
      '::ffff:127.0.0.1',
      '0.0.0.0',
      '239.1.1.1',
    ]) {
      expect(isInnerAddress(inner)).toBe(true);
    }
    for (const outer of ['10.0.0.1', '192.168.1.1', '203.0.113.5', '2001:db8::1', 'fd00::1']) {
      expect(isInnerAddress(outer)).toBe(false);
    }
  });
});
