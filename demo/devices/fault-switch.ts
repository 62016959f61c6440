/** Switches a fault of the table on a device's channel, and off again. */
import type { Fault, Network } from '#demo/rtsp/server.ts';
import type { RecipeId } from '#demo/variants/recipe.ts';
import { type DeviceStream, eventSource, type VirtualDevice } from './device.ts';
import { type FaultId, findFault } from './fault-table.ts';

type Made = { recipe: RecipeId; fault: (file: string) => Fault };
type Action = { network: Network } | { fault: Fault } | Made;

const shown = (recipe: RecipeId): Made => ({ recipe, fault: (file) => ({ kind: 'other-clip', file }) });

const PROMISED_FPS = 25;

/** `amount` is the table's default where nobody chose one. */
function actionOf(id: FaultId, amount: number, stream: DeviceStream): Action {
  switch (id) {
    case 'refuse':
    case 'mute':
      return { network: id };
    case 'power-cut':
      return { network: 'dark' };
    case 'unauthorised':
    case 'not-found':
    case 'no-video':
    case 'stall-describe':
    case 'freeze':
    case 'audio-only':
    case 'wrong-time':
    case 'non-monotonic':
    case 'frozen-picture':
      return { fault: { kind: id } };
    case 'slow-answers':
      return { fault: { kind: 'slow-answers', seconds: amount } };
    case 'drop-fin':
      return { fault: { kind: 'half-close' } };
    case 'drop-rst':
      return { fault: { kind: 'reset' } };
    case 'garbage':
      return { fault: { kind: 'garbage', share: amount } };
    case 'packet-loss':
      return { fault: { kind: 'packet-loss', share: amount, transport: 'udp' } };
    case 'time-jump':
      return { fault: { kind: 'time-jump', seconds: amount } };
    case 'drift':
      return { fault: { kind: 'drift', ppm: amount } };
    case 'change-resolution':
      return { recipe: 'smaller', fault: (file) => ({ kind: 'change-resolution', file }) };
    case 'change-codec': {
      const recipe = stream.channel.codec === 'h264' ? 'h265' : 'h264';
      return { recipe, fault: (file) => ({ kind: 'change-codec', file }) };
    }
    case 'low-fps':
      return { recipe: 'low-fps', fault: (file) => ({ kind: 'other-clip', file, promisedFps: PROMISED_FPS }) };
    default:
      return shown(id);
  }
}

const TAMPERED: ReadonlySet<FaultId> = new Set(['black', 'white', 'blurred', 'covered', 'painted']);

export type Switched = { id: FaultId; amount: number; channel: number };

/** Throws FaultError where a clip cannot be made; then nothing has changed. */
export async function switchOn(device: VirtualDevice, { id, amount, channel }: Switched): Promise<void> {
  const streams = device.streams.filter((stream) => stream.channel.number === channel);
  const actions = streams.map((stream) => ({ stream, action: actionOf(id, amount, stream) }));
  if (findFault(id)?.of !== 'network') await device.prepared;
  const ready = await Promise.all(
    actions.map(async ({ stream, action }) => {
      if (!('recipe' in action)) return { stream, action };
      // What is shown now: the loop of this hour, or the view that a head has turned to.
      const { clip } = device.rtsp.shown(stream.path);
      return { stream, action: { fault: action.fault(await device.variantOf({ ...stream, clip }, action.recipe)) } };
    }),
  );
  for (const { stream, action } of ready) {
    if ('network' in action) return await device.setNetwork(action.network);
    await device.rtsp.fault(stream.path, action.fault);
  }
  if (id === 'unauthorised') device.onvif.setAnswers({ kind: 'unauthorised' });
  if (id === 'slow-answers') device.onvif.setAnswers({ kind: 'slow', seconds: amount });
  raise(device, { id, channel }, true);
}

export async function switchOff(
  device: VirtualDevice,
  { id, channel }: Pick<Switched, 'id' | 'channel'>,
): Promise<void> {
  const streams = device.streams.filter((stream) => stream.channel.number === channel);
  if (findFault(id)?.of === 'network') return await device.setNetwork('up');
  for (const { path } of streams) await device.rtsp.fault(path, { kind: 'none' });
  device.onvif.setAnswers({ kind: 'none' });
  raise(device, { id, channel }, false);
}

/** What the device itself would notice. */
function raise(device: VirtualDevice, { id, channel }: Pick<Switched, 'id' | 'channel'>, isOn: boolean): void {
  const planned = device.plan.channels.find(({ number }) => number === channel);
  if (planned === undefined) return;
  if (TAMPERED.has(id)) device.onvif.events.raise({ topic: 'tamper', source: eventSource('tamper', planned), isOn });
  if (id === 'no-video')
    device.onvif.events.raise({ topic: 'signal-loss', source: eventSource('signal-loss', planned), isOn });
}
