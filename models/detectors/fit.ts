/** How a picture is fitted into a model's input, and where a place in the input lies in the picture. */
import type { ModelManifest } from '../schema/model-manifest.ts';

/** The picture, scaled to `width` x `height`, lies at `left`, `top` of the input; the rest is padding. */
export type Fit = { left: number; top: number; width: number; height: number };

type InputSpec = Pick<ModelManifest['input'], 'width' | 'height' | 'resize'>;

export function fitPicture(picture: { width: number; height: number }, input: InputSpec): Fit {
  if (input.resize === 'stretch') return { left: 0, top: 0, width: input.width, height: input.height };
  const scale = Math.min(input.width / picture.width, input.height / picture.height);
  const width = Math.min(input.width, Math.max(1, Math.round(picture.width * scale)));
  const height = Math.min(input.height, Math.max(1, Math.round(picture.height * scale)));
  if (input.resize === 'letterbox-top-left') return { left: 0, top: 0, width, height };
  return { left: (input.width - width) >> 1, top: (input.height - height) >> 1, width, height };
}
