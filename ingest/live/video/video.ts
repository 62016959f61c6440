/** The live video of one camera: the packets that are read anyway, as fragments of MP4, to all who look at once. */
import type { CodecParameters, Packet } from 'node-av/lib';
import { encodeNotice } from '#models/wire/video.ts';
import { type PacketTimes, VideoTrack } from './track.ts';

/** Where a reader puts what it reads. */
export type VideoFeed = {
  begin: (parameters: CodecParameters) => void;
  take: (packet: Packet, times: PacketTimes) => void;
  end: () => void;
};

export type VideoViewer = {
  /** A start or a fragment; must not wait. */
  send: (message: Buffer) => void;
  /** The camera leaves this worker, or its codec cannot be passed on. */
  end: () => void;
};

/**
 * **Unwatched**: the packets since the last keyframe are kept, and nothing is made of them. **Watched**: each packet
 * becomes one message that all viewers share; a new viewer gets the start and everything since the last keyframe.
 * People see the stream that the camera has for them (`watched`) as soon as it has a keyframe, else the one that is
 * looked at (`detected`).
 */
export type Video = Disposable & {
  detected: VideoFeed;
  watched: VideoFeed;
  viewers: () => number;
  watch: (viewer: VideoViewer) => Disposable;
};

export type VideoOptions = {
  /** The camera has privacy masks: its packets hold what they cover, so no viewer gets any and none are kept. */
  isMasked?: boolean;
  /** Called after every change of the number of viewers. */
  onViewers?: (count: number) => void;
};

const NO_FEED: VideoFeed = { begin() {}, take() {}, end() {} };
const MASKED_NOTICE = encodeNotice({ code: 'video-masked', detail: 'the camera has privacy masks' });

const MASKED: Video = {
  detected: NO_FEED,
  watched: NO_FEED,
  viewers: () => 0,
  watch(viewer) {
    viewer.send(MASKED_NOTICE);
    viewer.end();
    return { [Symbol.dispose]() {} };
  },
  [Symbol.dispose]() {},
};

type Watching = { viewer: VideoViewer; start: Buffer | undefined };

export function createVideo({ isMasked = false, onViewers = () => {} }: VideoOptions = {}): Video {
  if (isMasked) return MASKED;
  const epochMs = Date.now();
  const tracks = { detected: new VideoTrack('detected', epochMs), watched: new VideoTrack('watched', epochMs) };
  const all = new Set<Watching>();
  let isForPeople = false;

  const active = () => (isForPeople ? tracks.watched : tracks.detected);

  /** The start, where the viewer has another one or none, and all that must come before the next picture. */
  function catchUp(watching: Watching, track: VideoTrack): void {
    const messages = track.sinceKeyframe();
    if (track.start === undefined || messages.length === 0) return;
    watching.start = track.start;
    watching.viewer.send(track.start);
    for (const message of messages) watching.viewer.send(message);
  }

  function sendLatest(track: VideoTrack): void {
    const latest = all.size === 0 ? undefined : track.latest();
    if (latest === undefined || track.start === undefined) return;
    for (const watching of all) {
      if (watching.start !== track.start) catchUp(watching, track);
      else watching.viewer.send(latest.message);
    }
  }

  function show(track: VideoTrack): void {
    isForPeople = track === tracks.watched;
    for (const watching of all) catchUp(watching, track);
  }

  function feedOf(track: VideoTrack): VideoFeed {
    return {
      begin(parameters) {
        track.begin(parameters);
        if (track === active()) refuseForeign(track);
      },
      take(packet, times) {
        track.take(packet, times);
        if (track === active()) sendLatest(track);
        else if (track === tracks.watched && track.start !== undefined && packet.isKeyframe) show(track);
      },
      end() {
        track.end();
        if (track === tracks.watched && isForPeople) show(tracks.detected);
      },
    };
  }

  function refuseForeign(track: VideoTrack): void {
    if (track.foreignCodec === undefined) return;
    const notice = encodeNotice({ code: 'video-codec', detail: `the stream is ${track.foreignCodec}` });
    for (const { viewer } of all) {
      viewer.send(notice);
      viewer.end();
    }
  }

  return {
    detected: feedOf(tracks.detected),
    watched: feedOf(tracks.watched),
    viewers: () => all.size,
    watch(viewer) {
      const watching: Watching = { viewer, start: undefined };
      all.add(watching);
      onViewers(all.size);
      catchUp(watching, active());
      refuseForeign(active());
      return {
        [Symbol.dispose]() {
          if (all.delete(watching)) onViewers(all.size);
        },
      };
    },
    [Symbol.dispose]() {
      for (const { viewer } of [...all]) viewer.end();
      all.clear();
      onViewers(0);
      for (const track of Object.values(tracks)) track[Symbol.dispose]();
    },
  };
}
