import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bestDigest, digestAuthorization, readChallenges, securityHeader } from '#ingest/onvif/sign.ts';

const field = (header: string, name: string) => new RegExp(`\\b${name}="?([^",]+)`).exec(header)?.[1] ?? '';

describe('challenges', () => {
  it('are read one by one, from one header or several, and the best digest is taken', () => {
    const both = readChallenges([
      'Digest realm="a, b", nonce="1", algorithm=MD5, Digest realm="c", nonce="2", qop="auth,auth-int", algorithm=SHA-256, Basic realm="x=y"',
    ]);
    expect(both.map(({ scheme }) => scheme)).toEqual(['digest', 'digest', 'basic']);
    expect(both[0]?.fields.get('realm')).toBe('a, b');
    expect(bestDigest(both)).toMatchObject({ nonce: '2', hash: 'sha256', hasQop: true });
    expect(readChallenges(['Negotiate', 'Digest realm="r",nonce="n"']).map(({ scheme }) => scheme)).toEqual([
      'other',
      'digest',
    ]);
  });

  it('that cannot be computed are none', () => {
    expect(bestDigest(readChallenges(['Digest realm="a", nonce="1", algorithm=NEW']))).toBeUndefined();
    expect(bestDigest(readChallenges(['Digest realm="a", nonce="1", qop="auth-int"']))).toBeUndefined();
    expect(readChallenges(['', ',,,', '=="'])).toEqual([]);
  });
});

describe('HTTP digest', () => {
  /** The example of RFC 7616, 3.9.1; its client nonce is its own, so that the response is computed with ours. */
  it.each([
    ['MD5', 'md5'],
    ['SHA-256', 'sha256'],
    ['MD5-sess', 'md5'],
  ])('by %s answers as the standard has it', (algorithm, hash) => {
    const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
    const [challenge] = [
      bestDigest(
        readChallenges([
          `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", opaque="FQhe"`,
        ]),
      )!,
    ];
    const login = { user: 'Mufasa', password: 'Circle of Life' };
    const header = digestAuthorization(login, challenge, { method: 'GET', uri: '/dir/index.html', count: 1 });
    const of = (text: string) => createHash(hash).update(text).digest('hex');
    const secret = of('Mufasa:http-auth@example.org:Circle of Life');
    const cnonce = field(header, 'cnonce');
    const first = algorithm.endsWith('sess') ? of(`${secret}:${nonce}:${cnonce}`) : secret;
    expect(field(header, 'response')).toBe(
      of(`${first}:${nonce}:00000001:${cnonce}:auth:${of('GET:/dir/index.html')}`),
    );
    expect(field(header, 'opaque')).toBe('FQhe');
    if (algorithm === 'MD5') expect(secret).toBe('3d78807defe7de2157e2b0b6573a855f');
  });

  it('without qop is that of RFC 2069, as RTSP servers have it', () => {
    const challenge = bestDigest(readChallenges(['Digest realm="r", nonce="n"']))!;
    const header = digestAuthorization({ user: 'u"x', password: 'p' }, challenge, {
      method: 'DESCRIBE',
      uri: 'rtsp://h/',
      count: 1,
    });
    const of = (text: string) => createHash('md5').update(text).digest('hex');
    expect(field(header, 'response')).toBe(of(`${of('u"x:r:p')}:n:${of('DESCRIBE:rtsp://h/')}`));
    expect(header).toContain('username="u\\"x"');
    expect(header).not.toContain('nc=');
  });
});

describe('WS-Security', () => {
  it('signs with a nonce of 16 bytes and the device’s time, with milliseconds and Z; a password never stands in a digest', () => {
    const header = securityHeader({ user: 'a<b', password: 's&cret' }, 'digest', Date.UTC(2026, 0, 2, 3, 4, 5, 6));
    expect(header).toContain('<w:Username>a&lt;b</w:Username>');
    expect(header).toContain('>2026-01-02T03:04:05.006Z<');
    expect(Buffer.from(/Nonce [^>]*>([^<]+)</.exec(header)![1]!, 'base64')).toHaveLength(16);
    expect(header).not.toContain('cret');
    expect(securityHeader({ user: 'a', password: 's&cret' }, 'text', 0)).toContain('>s&amp;cret<');
  });
});
