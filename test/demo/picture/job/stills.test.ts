/** Who stands before which camera in the stills that eyes-nano is trained on. */
import { describe, expect, test } from 'vitest';
import { crewOf, STANDING } from '#demo/picture/job/still-crew.ts';
import { strayCamera } from '#demo/picture/job/stray-camera.ts';
import { isInPicture } from '#demo/world/camera.ts';
import { randomStream } from '#demo/world/random.ts';
import { viewOf } from '#demo/world/views.ts';

const view = viewOf('crossing');
const random = randomStream(5, 'test stills');
const crews = Array.from({ length: 30 }, (_, index) => {
  const camera = strayCamera(view, random);
  return { camera, ...crewOf(view, { camera, random, index }) };
});
const strangers = crews.flatMap(({ camera, cast, agents }) =>
  agents.flatMap((at) => {
    const member = cast[at.member]!;
    return ['stranger', 'row', STANDING].includes(member.way) ? [{ camera, member, at }] : [];
  }),
);

describe('a still', () => {
  test('shows riders, machines in rows and people on foot', () => {
    const count = (is: (one: (typeof strangers)[number]) => boolean) => strangers.filter(is).length;
    expect(count(({ at }) => at.pose === 'ride')).toBeGreaterThan(30);
    expect(count(({ member }) => member.way === STANDING)).toBeGreaterThan(30);
    expect(count(({ member }) => member.body === 'motorcycle' && member.way === 'row')).toBeGreaterThan(5);
    expect(count(({ member }) => member.body === 'person')).toBeGreaterThan(30);
  });

  test('has strangers both near and far, nearly all of them in the picture', () => {
    const away = strangers.map(({ camera, at }) => Math.hypot(at.x - camera.x, at.y - camera.y));
    expect(Math.min(...away)).toBeLessThan(15);
    expect(Math.max(...away)).toBeGreaterThan(50);
    const seen = strangers.filter(({ camera, at }) => isInPicture(camera, { ...at, z: at.z + 0.7 }, 130));
    expect(seen.length / strangers.length).toBeGreaterThan(0.85);
  });

  test('puts no stranger into another', () => {
    const close = crews.flatMap(({ cast, agents }) => {
      const own = agents.filter((at) => cast[at.member]!.way === 'stranger');
      return own.filter((a) => own.some((b) => a !== b && Math.hypot(a.x - b.x, a.y - b.y) < 0.35));
    });
    expect(close).toEqual([]);
  });
});
