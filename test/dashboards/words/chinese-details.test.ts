/** What workers say of a camera, said in Chinese: of faults as the worker itself raises them. */

import { constants } from 'node:os';
import {
  AVERROR_EOF,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_INVALIDDATA,
  AVERROR_STREAM_NOT_FOUND,
} from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { chineseDetail } from '#dashboards/src/words/chinese-details.ts';
import { MESSAGES } from '#ingest/diagnose/rules.ts';
import { openFault, readFault } from '#ingest/read/reason.ts';
import type { CameraSource } from '#models/schema/camera.ts';

const { errno } = constants;
const RTSP: CameraSource = { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/gate', transport: 'tcp' };
const FILE: CameraSource = { kind: 'file', path: 'gate.mp4', isLooped: true };
const LIBAV = [
  ...[AVERROR_EOF, AVERROR_HTTP_BAD_REQUEST, AVERROR_HTTP_FORBIDDEN, AVERROR_HTTP_NOT_FOUND],
  ...[AVERROR_HTTP_OTHER_4XX, AVERROR_INVALIDDATA, AVERROR_STREAM_NOT_FOUND],
  ...[errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT, errno.EAGAIN].map((code) => -code),
  ...[errno.ECONNRESET, errno.EPIPE, errno.EADDRNOTAVAIL, errno.EIO].map((code) => -code),
];

/** Without what stays as it is: addresses, names of files, of protocols. */
const rest = (text: string | null) =>
  text?.replaceAll(/rtsp:\S+?(?=[：\s]|$)|gate\.mp4|RTSP|UDP|MD5|libav|[45]xx/g, '') ?? 'nothing';

describe('the detail of a fault', () => {
  it.each(LIBAV)('is Chinese for what libav answers with %i, at the opening and while reading', async (code) => {
    const faults = [await openFault(RTSP, code, false), await openFault(RTSP, code, true), readFault(RTSP, code)];
    for (const { message } of [...faults, await openFault(FILE, code, false), readFault(FILE, code)])
      expect(rest(chineseDetail(message)), message).not.toMatch(/[a-z]/i);
  });

  it.each(Object.values(MESSAGES))('is Chinese for "%s"', (message) => {
    expect(rest(chineseDetail(message))).not.toMatch(/[a-z]/i);
  });

  it('keeps names, addresses and numbers, and says a sentence within a sentence anew', () => {
    expect(chineseDetail('camera gate is down: rtsp://10.0.0.7/main has sent no picture for 12.5 s')).toBe(
      '摄像机 gate 离线：rtsp://10.0.0.7/main 已有 12.5 秒没有发来画面',
    );
  });

  it('is nothing where there are no words for it', () => {
    expect(chineseDetail('the moon is in the way')).toBeNull();
  });
});
