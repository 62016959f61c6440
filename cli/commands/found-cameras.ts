/** From a probe to what is registered: each channel of the device is a camera, with the stream to detect on and to watch. */
import type { Device } from '#models/schema/camera.ts';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import type { ChannelChoice, ProbeStep } from '#models/schema/probe.ts';
import { type ProbeTarget, probeSteps, stepText } from './probe.ts';

export type FoundCamera = { channelName: string; url: string; watchUrl?: string; device: Device };

type Options = { isAll: boolean; channel?: string | undefined; isShown: boolean };

/** The first channel, the one that is named, or all. Throws FaultError with the verdict of the probe. */
export async function findCameras(
  target: ProbeTarget,
  { isAll, channel, isShown }: Options,
): Promise<[FoundCamera, ...FoundCamera[]]> {
  const steps: ProbeStep[] = [];
  const measured = isAll ? {} : { measured: { channel } };
  for await (const step of probeSteps({ ...target, ...measured })) {
    if (isShown) console.log(stepText(step));
    steps.push(step);
  }
  const choices = steps.flatMap((step) => step.choices ?? []);
  if (choices.length === 0) throw verdictOf(steps, target.host);
  const chosen = choices.filter((choice, index) =>
    channel === undefined ? isAll || index === 0 : choice.channel === channel,
  );
  const { readTarget } = await import('#ingest/main.ts');
  const { host } = readTarget(target.host);
  const [first, ...others] = chosen.map((choice) => cameraOf(choice, steps, host));
  if (first === undefined) {
    const there = choices.map((choice) => choice.channel).join(', ');
    throw new FaultError('invalid-value', `${target.host} has no channel "${channel}"; there are ${there}`);
  }
  if (choices.length > chosen.length && isShown) {
    console.log(`${target.host} has ${choices.length} channels: --all-channels adds each, --channel another one`);
  }
  return [first, ...others];
}

function verdictOf(steps: readonly ProbeStep[], host: string): FaultError {
  const wrong = steps.findLast(({ verdict }) => verdict === 'wrong');
  if (wrong === undefined || !isFaultCode(wrong.code))
    return new FaultError('camera-no-video', `${host} has no stream to look at`);
  return new FaultError(wrong.code, wrong.message, wrong.cure === undefined ? {} : { cure: wrong.cure });
}

function cameraOf(
  { channel, name, detect, watch }: ChannelChoice,
  steps: readonly ProbeStep[],
  host: string,
): FoundCamera {
  const told = steps.find(({ device }) => device !== undefined)?.device;
  const port = steps.find((step) => step.port !== undefined)?.port;
  const texts = {
    manufacturer: told?.manufacturer,
    model: told?.model,
    serial: told?.serial,
    firmware: told?.firmware,
    mac: told?.mac,
    ...(port === undefined ? {} : { profile: detect.token, channel }),
  };
  const device: Device = {
    host,
    ...(port === undefined ? {} : { port }),
    scheme: port === undefined ? 'rtsp' : 'onvif',
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined && text !== '')),
  };
  return {
    channelName: name,
    url: detect.url,
    device,
    ...(watch.url === detect.url ? {} : { watchUrl: watch.url }),
  };
}
