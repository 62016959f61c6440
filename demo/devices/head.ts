/** The turning head of a PTZ camera: each preset is a view of its own, cut out of the clip. */
import type { Logger } from 'pino';
import { createPtz, type Preset, type Ptz } from '#demo/onvif/ptz.ts';
import type { RtspServer } from '#demo/rtsp/server.ts';
import type { RecipeId } from '#demo/variants/recipe.ts';
import type { DeviceStream } from './device.ts';

export type Head = { ptz: Ptz };

export type HeadOptions = {
  wanderEveryS: number;
  rtsp: RtspServer;
  streams: readonly DeviceStream[];
  variantOf: (stream: DeviceStream, recipe: RecipeId | null) => Promise<string>;
  logger: Logger;
};

/** The first is the whole view, where the head begins. */
const VIEWS: readonly { preset: Preset; recipe: RecipeId | null }[] = [
  { preset: { token: 'preset-1', name: 'whole street 全景', position: { pan: 0, tilt: 0, zoom: 0 } }, recipe: null },
  {
    preset: { token: 'preset-2', name: 'left pavement', position: { pan: -0.6, tilt: -0.1, zoom: 0.3 } },
    recipe: 'preset-2',
  },
  {
    preset: { token: 'preset-3', name: 'right pavement', position: { pan: 0.6, tilt: -0.1, zoom: 0.3 } },
    recipe: 'preset-3',
  },
  { preset: { token: 'preset-4', name: 'far end', position: { pan: 0, tilt: 0.1, zoom: 0.6 } }, recipe: 'preset-4' },
];

export function createHead({ wanderEveryS, rtsp, streams, variantOf, logger }: HeadOptions): Head {
  let turn = 0;
  const look = async (token: string) => {
    turn += 1;
    const mine = turn;
    const recipe = VIEWS.find(({ preset }) => preset.token === token)?.recipe ?? null;
    for (const stream of streams) {
      const file = await variantOf(stream, recipe);
      // Somebody may have moved it on while the view was being made.
      if (mine !== turn) return;
      await rtsp.show(stream.path, file);
    }
  };
  const onView = (token: string | undefined) => {
    if (token === undefined) return;
    look(token).catch((error: unknown) => logger.warn({ preset: token, err: error }, 'view not shown'));
  };
  return { ptz: createPtz({ presets: VIEWS.map(({ preset }) => preset), wanderEveryS, onView }) };
}
