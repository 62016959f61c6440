/** Sends the live video of a camera into one HTTP answer: messages, each after its length, for as long as both stay. */
import type { ServerResponse } from 'node:http';
import { createKeyframeValve } from '#models/wire/keyframe-valve.ts';
import { framed, VIDEO_CONTENT_TYPE } from '#models/wire/video.ts';
import type { Video } from './video.ts';

export type VideoCounts = (outcome: 'sent' | 'dropped', pictures: number) => void;

/** Ends when the viewer goes or the camera leaves this worker. A viewer that takes nothing loses pictures, not memory. */
export function serveVideo(video: Video, response: ServerResponse, count: VideoCounts): Promise<void> {
  response.writeHead(200, { 'content-type': VIDEO_CONTENT_TYPE, 'cache-control': 'no-store', connection: 'close' });
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  const valve = createKeyframeValve();
  const watching = video.watch({
    send(message) {
      if (valve.passes(message, response.writableLength)) response.write(framed(message));
    },
    end: () => response.end(),
  });
  return new Promise((resolve) => {
    response.once('close', () => {
      watching[Symbol.dispose]();
      count('sent', valve.passed());
      count('dropped', valve.dropped());
      resolve();
    });
  });
}
