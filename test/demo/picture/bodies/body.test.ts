/** Bodies: feet on the ground, a gait that closes, cloth whose outside is out. */
import { describe, expect, test } from 'vitest';
import { bodySurface } from '#demo/picture/bodies/body.ts';
import { strideOf } from '#demo/picture/bodies/figure.ts';
import { walkingPose } from '#demo/picture/bodies/gait.ts';
import { personPalette, vehiclePalette } from '#demo/picture/bodies/palette.ts';
import { ridingPose } from '#demo/picture/bodies/ride.ts';
import { RIDINGS } from '#demo/picture/bodies/riders.ts';
import { phonePose, standingPose, waitingPose } from '#demo/picture/bodies/still.ts';
import { FIGURES } from '#demo/picture/bodies/wardrobe.ts';
import type { Surface } from '#demo/picture/shape/surface.ts';
import { lengthOf, subtract, type Vec3 } from '#demo/picture/shape/vector.ts';
import { outwardShare, volumeOf } from '../shape/closed.ts';

const PHASES = Array.from({ length: 8 }, (_, i) => (i / 8) * 2 * Math.PI);

function lowest({ positions }: Surface): number {
  return positions.reduce((low, value, i) => (i % 3 === 2 ? Math.min(low, value) : low), Infinity);
}

describe('walking', () => {
  test('the lower foot stands within a centimetre of the ground in every phase, for every figure', () => {
    for (const figure of FIGURES) {
      for (const phase of PHASES) {
        const low = lowest(bodySurface(figure, walkingPose(figure, phase), 1));
        expect(Math.abs(low), `${figure.name} at ${phase.toFixed(2)}`).toBeLessThan(0.01);
      }
    }
  });

  test('one stride ends where it began', () => {
    for (const figure of FIGURES) {
      const [start, end] = [0, 2 * Math.PI].map(
        (phase) => bodySurface(figure, walkingPose(figure, phase), 1).positions,
      );
      start!.forEach((value, i) => {
        if (Math.abs(end![i]! - value) > 1e-6) throw new Error(`${figure.name}: coordinate ${i} does not close`);
      });
    }
  });

  test('a foot that stands flat stays where it is while the body goes on', () => {
    for (const figure of FIGURES) {
      const places = [0.14, 0.2, 0.28, 0.34].map((turn) => {
        const { ankle } = walkingPose(figure, turn * 2 * Math.PI).legs[1];
        return ankle[1] + turn * strideOf(figure);
      });
      expect(Math.max(...places) - Math.min(...places), figure.name).toBeLessThan(0.01);
    }
  });

  test('bones keep their length and knees never bend backwards', () => {
    for (const figure of FIGURES) {
      for (const phase of PHASES) {
        for (const { hip, knee, ankle } of walkingPose(figure, phase).legs) {
          expect(lengthOf(subtract(knee, hip))).toBeCloseTo(0.245 * figure.heightM, 3);
          expect(lengthOf(subtract(ankle, knee))).toBeCloseTo(0.246 * figure.heightM, 3);
          expect(forwardOf(hip, knee, ankle)).toBeGreaterThan(-1e-3);
        }
      }
    }
  });
});

/** How far the knee stands ahead of the line from hip to ankle. */
function forwardOf(hip: Vec3, knee: Vec3, ankle: Vec3): number {
  const share = (hip[2] - knee[2]) / (hip[2] - ankle[2]);
  return knee[1] - (hip[1] + (ankle[1] - hip[1]) * share);
}

describe('bodies', () => {
  test('have at most 4,000 triangles, in every pose of every figure', () => {
    for (const figure of FIGURES) {
      const reading = figure.hasUmbrella ? [] : [phonePose(figure)];
      for (const pose of [walkingPose(figure, 1), standingPose(figure), ...reading]) {
        expect(bodySurface(figure, pose, 1).materials.length, figure.name).toBeLessThanOrEqual(4000);
      }
    }
  });

  test('face outwards', () => {
    for (const figure of FIGURES) {
      const surface = bodySurface(figure, walkingPose(figure, 2), 1);
      expect(volumeOf(surface), figure.name).toBeGreaterThan(0.02);
      expect(outwardShare(surface), figure.name).toBeGreaterThan(0.97);
    }
  });
});

describe('standing and riding', () => {
  test('people who stand have both feet on the ground', () => {
    for (const figure of FIGURES) {
      for (const pose of [standingPose(figure), waitingPose(figure), phonePose(figure)]) {
        for (const { ankle } of pose.legs) expect(ankle[2], figure.name).toBeCloseTo(0.042 * figure.heightM, 2);
      }
    }
  });

  test("riders' hands and feet reach the machine", () => {
    for (const { fit, riders } of RIDINGS) {
      for (const figure of riders) {
        for (const phase of PHASES) {
          const { arms, legs } = ridingPose(figure, fit, phase);
          expect(lengthOf(subtract(arms[1].wrist, fit.grip)), figure.name).toBeLessThan(0.16);
          expect(lengthOf(subtract(legs[1].ankle, fit.feet)), figure.name).toBeLessThan(fit.crankM + 0.22);
        }
      }
    }
  });
});

describe('palettes', () => {
  test('the same seed gives the same colours, eight for a person, all within 0..1', () => {
    for (let seed = 0; seed < 200; seed++) {
      const palette = personPalette(seed, FIGURES[seed % FIGURES.length]!.name);
      expect(palette).toEqual(personPalette(seed, FIGURES[seed % FIGURES.length]!.name));
      expect(palette).toHaveLength(8);
      for (const value of [...palette, ...vehiclePalette(seed, 'car', 'saloon')].flat()) {
        expect(value >= 0 && value <= 1).toBe(true);
      }
    }
  });
});
