/** Turns decoded pictures into the model's input tensor, as the manifest's `input` says. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { ModelManifest } from '../schema/model-manifest.ts';
import { type Fit, fitPicture } from './fit.ts';
import { createScaler, type Planes } from './scale.ts';

/** `data` is the tensor of `maxBatch` pictures, used again and again; `fill` writes picture `slot` into it. */
export type Feed = Disposable & {
  data: Float32Array;
  slotSize: number;
  fill: (slot: number, picture: AvFrame) => Fit;
};

type InputSpec = ModelManifest['input'];

export function createFeed(
  input: InputSpec,
  maxBatch: number,
  allocate: (length: number) => Float32Array = (length) => new Float32Array(length),
): Feed {
  const slotSize = input.width * input.height * 3;
  const data = allocate(slotSize * maxBatch);
  const fits = new Array<string | undefined>(maxBatch).fill(undefined);
  const scaler = createScaler();
  const write = input.layout === 'nchw' ? writePlanar : writeInterleaved;
  return {
    data,
    slotSize,
    fill(slot, picture) {
      const fit = fitPicture(picture, input);
      const target = data.subarray(slot * slotSize, (slot + 1) * slotSize);
      const shape = `${fit.left},${fit.top},${fit.width},${fit.height}`;
      if (fits[slot] !== shape) {
        pad(target, input);
        fits[slot] = shape;
      }
      write(target, scaler.scale(picture, fit), { input, fit });
      return fit;
    },
    [Symbol.dispose]: () => scaler[Symbol.dispose](),
  };
}

type Place = { input: InputSpec; fit: Fit };

const channels = (planes: Planes, input: InputSpec) =>
  input.colour === 'rgb' ? [planes.red, planes.green, planes.blue] : [planes.blue, planes.green, planes.red];

const normalised = (input: InputSpec, channel: number, value: number) =>
  (value - (input.mean[channel] as number)) / (input.std[channel] as number);

const isPlain = (input: InputSpec) => input.mean.every((mean) => mean === 0) && input.std.every((std) => std === 1);

function pad(target: Float32Array, input: InputSpec): void {
  const size = input.width * input.height;
  for (let channel = 0; channel < 3; channel++) {
    const value = normalised(input, channel, input.pad);
    if (input.layout === 'nchw') target.fill(value, channel * size, (channel + 1) * size);
    else for (let at = channel; at < target.length; at += 3) target[at] = value;
  }
}

function writePlanar(target: Float32Array, planes: Planes, { input, fit }: Place): void {
  const size = input.width * input.height;
  channels(planes, input).forEach((plane, channel) => {
    const start = channel * size + fit.top * input.width + fit.left;
    if (planes.stride === fit.width && fit.width === input.width) {
      target.set(plane.subarray(0, fit.width * fit.height), start);
    } else {
      for (let row = 0; row < fit.height; row++) {
        const from = row * planes.stride;
        target.set(plane.subarray(from, from + fit.width), start + row * input.width);
      }
    }
    if (!isPlain(input)) normalisePlane(target, start, { input, fit, channel });
  });
}

function normalisePlane(target: Float32Array, start: number, place: Place & { channel: number }): void {
  const { input, fit, channel } = place;
  const mean = input.mean[channel] as number;
  const factor = 1 / (input.std[channel] as number);
  for (let row = 0; row < fit.height; row++) {
    const end = start + row * input.width + fit.width;
    for (let at = end - fit.width; at < end; at++) target[at] = ((target[at] as number) - mean) * factor;
  }
}

function writeInterleaved(target: Float32Array, planes: Planes, { input, fit }: Place): void {
  channels(planes, input).forEach((plane, channel) => {
    const mean = input.mean[channel] as number;
    const factor = 1 / (input.std[channel] as number);
    for (let row = 0; row < fit.height; row++) {
      let at = ((fit.top + row) * input.width + fit.left) * 3 + channel;
      const from = row * planes.stride;
      for (let column = 0; column < fit.width; column++, at += 3) {
        target[at] = ((plane[from + column] as number) - mean) * factor;
      }
    }
  });
}
