/** For tests of live video: a camera that is read for real, and viewers that write down what they get. */

import type { Video, VideoViewer } from '#ingest/live/video/video.ts';
import { readSource } from '#ingest/read/read-source.ts';
import type { CameraSource } from '#models/schema/camera.ts';
import { decodeVideoMessage, type VideoMessage } from '#models/wire/video.ts';
import { testLogger } from '#test/site/site.ts';

/** Reads the source at its own speed into the video, until it is disposed. */
export function readInto(video: Video, source: CameraSource): AsyncDisposable {
  const stopping = new AbortController();
  const options = { sampleFps: 1, isGated: true, fullLookIntervalS: 10, isRealtime: true };
  const reading = (async () => {
    const sights = readSource(source, {
      ...options,
      signal: stopping.signal,
      logger: testLogger,
      video: video.detected,
    });
    for await (const sight of sights) if (sight.type === 'frame') sight.frame[Symbol.dispose]();
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await reading;
    },
  };
}

type Fragment = Extract<VideoMessage, { type: 'fragment' }>;
type Start = Extract<VideoMessage, { type: 'start' }>;

export type Recorder = VideoViewer & {
  messages: VideoMessage[];
  starts: () => Start[];
  fragments: () => Fragment[];
  isEnded: () => boolean;
  /** What a player would be fed, from the last start on. */
  file: () => Buffer;
};

export function record(): Recorder {
  const messages: VideoMessage[] = [];
  let isEnded = false;
  const starts = () => messages.filter((message) => message.type === 'start');
  const fragments = () => messages.filter((message) => message.type === 'fragment');
  return {
    messages,
    starts,
    fragments,
    send: (message) => void messages.push(decodeVideoMessage(Buffer.from(message))),
    end: () => {
      isEnded = true;
    },
    isEnded: () => isEnded,
    file() {
      const from = messages.findLastIndex((message) => message.type === 'start');
      const parts = messages.slice(Math.max(0, from)).map((message) => {
        if (message.type === 'start') return message.init;
        return message.type === 'fragment' ? Buffer.from(message.data) : Buffer.alloc(0);
      });
      return Buffer.concat(parts);
    },
  };
}
