/** One reader's packets to several who take them: live video, and the memory for pictures of alerts. */
import type { VideoFeed } from '#ingest/live/video/video.ts';

export function sharedFeed(...feeds: readonly VideoFeed[]): VideoFeed {
  return {
    begin(parameters) {
      for (const feed of feeds) feed.begin(parameters);
    },
    take(packet, times) {
      for (const feed of feeds) feed.take(packet, times);
    },
    end() {
      for (const feed of feeds) feed.end();
    },
  };
}
