/** RTSP servers that lie about length, flood, drip and speak something else. */
import { describe, expect, it } from 'vitest';
import { describeRtsp, readRtspAnswer } from '#ingest/onvif/rtsp-ask.ts';
import { startHostileDevice } from './hostile-device.ts';

const SDP = 'v=0\r\nm=video 0 RTP/AVP 96\r\n';

async function ask(answer: string | ((port: number) => string), { isClosed = false, timeoutMs = 800 } = {}) {
  await using server = await startHostileDevice((socket) => {
    const text = typeof answer === 'string' ? answer : answer(server.port);
    if (isClosed) socket.end(text);
    else socket.write(text);
  });
  const target = { host: '127.0.0.1', address: '127.0.0.1', port: 80, scheme: 'http' } as const;
  return await describeRtsp(target, `rtsp://127.0.0.1:${server.port}/a`, { timeoutMs });
}

describe('an RTSP server', () => {
  it('that answers as it should is read, whatever ends its lines', async () => {
    const heads = ['\r\n', '\n', '\r'].map((end) =>
      ['RTSP/1.0 200 OK', 'CSeq: 1', `Content-Length: ${SDP.length}`, '', SDP].join(end),
    );
    for (const head of heads) expect(await ask(head)).toMatchObject({ status: 200, body: SDP });
  });

  it('that promises more than it sends, and waits or goes, has said what it sent', async () => {
    const lie = `RTSP/1.0 200 OK\r\nContent-Length: 60000\r\n\r\n${SDP}`;
    expect(await ask(lie)).toMatchObject({ status: 200, body: SDP });
    expect(await ask(lie, { isClosed: true })).toMatchObject({ body: SDP });
  });

  it('that sends more than it promises is read as far as it goes', async () => {
    expect(await ask(`RTSP/1.0 404 Not Found\r\nContent-Length: -5\r\n\r\n${SDP}`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['floods', 'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'.padEnd(300_000, 'x'), 'camera-answer-broken'],
    ['never ends its head', 'RTSP/1.0 200 OK\r\nX: y', 'camera-timed-out'],
    ['says nothing', '', 'camera-timed-out'],
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'camera-answer-broken'],
  ])('that %s is left with a reason', async (_, answer, code) => {
    await expect(ask(answer)).rejects.toMatchObject({ code });
  });

  it('whose answer has several challenges gives all of them', () => {
    const text =
      'RTSP/1.0 401 No\r\nWWW-Authenticate: Basic realm="a"\r\nWWW-Authenticate: Digest realm="a", nonce="b"\r\n\r\n';
    expect(readRtspAnswer(text)?.challenges.map(({ scheme }) => scheme)).toEqual(['basic', 'digest']);
  });
});
