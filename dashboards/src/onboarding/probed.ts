/** What the steps of a probe come to: each channel with its streams, as measured, and its picture. */
import type { ChannelChoice, ProbeStep, StreamMeasurement } from '#models/schema/probe.ts';

export type ProbedChannel = {
  choice: ChannelChoice;
  detect: StreamMeasurement | undefined;
  watch: StreamMeasurement | undefined;
  /** An address for `<img>`. */
  picture: string | undefined;
};

export function channelsOf(steps: readonly ProbeStep[]): ProbedChannel[] {
  const choices = steps.findLast((step) => step.choices !== undefined)?.choices ?? [];
  const streams = steps.flatMap(({ stream }) => (stream === undefined ? [] : [stream]));
  const pictures = steps.filter(({ jpegBase64 }) => jpegBase64 !== undefined);
  return choices.map((choice) => {
    const taken = pictures.find(({ channel }) => channel === choice.channel) ?? onlyOne(pictures, choices);
    return {
      choice,
      detect: streams.find(({ url }) => url === choice.detect.url),
      watch: streams.find(({ url }) => url === choice.watch.url),
      picture: taken === undefined ? undefined : `data:image/jpeg;base64,${taken.jpegBase64}`,
    };
  });
}

/** A device of one channel need not say whose picture it is. */
const onlyOne = (pictures: readonly ProbeStep[], choices: readonly ChannelChoice[]) =>
  choices.length === 1 ? pictures[0] : undefined;
