/** Which of a channel's streams to detect on and which to show to people, and why, by what was measured. */
import type { ChannelChoice, MediaProfile, StreamMeasurement } from '#models/schema/probe.ts';

/** The smallest picture that still shows a person well. */
const DETECT_WIDTH_MIN = 640;

type Candidate = {
  profile: MediaProfile;
  url: string;
  measured: StreamMeasurement | undefined;
  width: number;
  height: number;
  codec: string;
};

/** One for each channel that has a stream; what was measured counts before what is promised. */
export function chooseStreams(
  profiles: readonly MediaProfile[],
  measured: ReadonlyMap<string, StreamMeasurement>,
  failed: ReadonlySet<string> = new Set(),
): ChannelChoice[] {
  const channels = Map.groupBy(profiles, ({ channel }) => channel);
  return [...channels].flatMap(([channel, group]) => {
    const candidates = group.flatMap((profile) => candidateOf(profile, measured.get(profile.token)));
    const usable = candidates.filter(
      ({ profile, codec }) => !failed.has(profile.token) && /^(h264|h265|)$/.test(codec),
    );
    const choice = chooseOne(usable);
    return choice === undefined ? [] : [{ channel, name: group[0]?.name ?? channel, ...choice }];
  });
}

function candidateOf(profile: MediaProfile, measured: StreamMeasurement | undefined): Candidate[] {
  if (profile.url === undefined) return [];
  const { width, height, codec } = measured ?? profile;
  return [{ profile, url: profile.url, measured, width, height, codec }];
}

function chooseOne(candidates: readonly Candidate[]): Omit<ChannelChoice, 'channel' | 'name'> | undefined {
  const bySize = candidates.toSorted((a, b) => a.width * a.height - b.width * b.height);
  const largest = bySize.at(-1);
  if (largest === undefined) return undefined;
  const fitting = bySize.find(({ width }) => width >= DETECT_WIDTH_MIN);
  const detect = fitting ?? largest;
  const reasons = [
    fitting === undefined
      ? `detect on ${nameOf(detect)}: no stream is ${DETECT_WIDTH_MIN} pixels wide, this one is the largest`
      : `detect on ${nameOf(detect)}: the smallest that is at least ${DETECT_WIDTH_MIN} pixels wide${costOf(detect)}`,
    largest === detect ? 'watch the same one' : `watch ${nameOf(largest)}: the largest`,
    ...(largest.codec === 'h265' ? ['browsers without H.265 get single pictures of it'] : []),
  ];
  const place = ({ profile, url }: Candidate) => ({ token: profile.token, url });
  return { detect: place(detect), watch: place(largest), reason: reasons.join('; ') };
}

const nameOf = ({ profile, width, height, codec }: Candidate) =>
  `${profile.name} (${codec === '' ? 'codec unknown' : codec} ${width}x${height})`;

const costOf = ({ measured }: Candidate) =>
  measured === undefined ? '' : `, ${measured.decodeMsPerS} ms CPU a second when all is decoded`;
