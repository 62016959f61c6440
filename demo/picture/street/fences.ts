/** What keeps apart: railings, guard rails, fences, walls. */
import { paintOf } from './paints.ts';
import type { Build } from './poles.ts';
import type { Sculpt } from './sculpt.ts';
import { box, type Foot } from './solids.ts';

type Fence = { lengthM: number; heightM: number; postM: number; bars: number; paint: string; thickM?: number };

/** Posts, two rails, bars between them; along the foot's right. */
function barrier(sculpt: Sculpt, foot: Foot, { lengthM, heightM, postM, bars, paint, thickM = 0.03 }: Fence): void {
  const half = lengthM / 2;
  const colour = paintOf(paint);
  const posts = Math.max(1, Math.round(lengthM / postM));
  for (let post = 0; post <= posts; post++) {
    const right = -half + (post * lengthM) / posts;
    box(
      sculpt,
      foot,
      { right: [right - 0.035, right + 0.035], forward: [-0.035, 0.035], up: [0, heightM + 0.05] },
      colour,
    );
  }
  for (const up of [0.18, heightM - 0.06])
    box(sculpt, foot, { right: [-half, half], forward: [-0.025, 0.025], up: [up, up + 0.05] }, colour);
  const count = Math.round(lengthM * bars);
  for (let bar = 0; bar < count; bar++) {
    const right = -half + ((bar + 0.5) * lengthM) / count;
    box(
      sculpt,
      foot,
      { right: [right - thickM / 2, right + thickM / 2], forward: [-0.01, 0.01], up: [0.2, heightM - 0.04] },
      colour,
    );
  }
}

export const railing: Build = (sculpt, foot, { lengthM = 4, heightM = 1.05 }) => {
  barrier(sculpt, foot, { lengthM, heightM, postM: 2, bars: 7, paint: 'steel', thickM: 0.025 });
};
export const guardRail: Build = (sculpt, foot, { lengthM = 6 }) => {
  barrier(sculpt, foot, { lengthM, heightM: 0.85, postM: 2.5, bars: 4, paint: 'white-metal' });
};
export const fence: Build = (sculpt, foot, { lengthM = 10, heightM = 2.1 }) => {
  barrier(sculpt, foot, { lengthM, heightM, postM: 2.5, bars: 8, paint: 'green-metal', thickM: 0.018 });
};

export const wall: Build = (sculpt, foot, { lengthM = 10, heightM = 2.2, seed = 0 }) => {
  const half = lengthM / 2;
  const paint = paintOf(['plain-plaster', 'grey-brick', 'red-brick', 'pale-stone'][seed % 4]!);
  box(sculpt, foot, { right: [-half, half], forward: [-0.12, 0.12], up: [0, heightM] }, paint);
  box(
    sculpt,
    foot,
    { right: [-half, half], forward: [-0.2, 0.2], up: [heightM, heightM + 0.12] },
    paintOf(seed % 2 === 0 ? 'roof-tile' : 'pale-stone'),
  );
  for (let right = -half; right <= half + 0.01; right += lengthM / Math.max(1, Math.round(lengthM / 4))) {
    box(sculpt, foot, { right: [right - 0.2, right + 0.2], forward: [-0.2, 0.2], up: [0, heightM + 0.05] }, paint);
  }
};
