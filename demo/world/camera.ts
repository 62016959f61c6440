/** A fixed camera over a stage: where a place falls in its picture (Brown's radial distortion) and which ground it sees. */

export const PICTURE = { widthPx: 1280, heightPx: 720 } as const;

/** In the stage's metres; `yawDeg` clockwise from the stage's forward, `pitchDeg` down from level. */
export type Camera = {
  x: number;
  y: number;
  heightM: number;
  yawDeg: number;
  pitchDeg: number;
  /** Focal length in pixels of a picture 1280 wide. */
  focalPx: number;
  k1: number;
  k2: number;
};

type Vector = readonly [number, number, number];

export type Axes = { right: Vector; down: Vector; forward: Vector };

/** Unit axes in the frame in which `bearingDeg` counts clockwise from y. */
export function axesOf(bearingDeg: number, pitchDeg: number): Axes {
  const [turn, tilt] = [(bearingDeg * Math.PI) / 180, (pitchDeg * Math.PI) / 180];
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  const [dip, level] = [Math.sin(tilt), Math.cos(tilt)];
  return { right: [cos, -sin, 0], down: [-dip * sin, -dip * cos, -level], forward: [level * sin, level * cos, -dip] };
}

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** As fractions of the picture, with the depth in metres; undefined behind the camera. */
export function project(
  camera: Camera,
  { x, y, z }: { x: number; y: number; z: number },
): { x: number; y: number; depthM: number } | undefined {
  const { right, down, forward } = axesOf(camera.yawDeg, camera.pitchDeg);
  const ray: Vector = [x - camera.x, y - camera.y, z - camera.heightM];
  const depthM = dot(ray, forward);
  if (depthM < 0.5) return undefined;
  const [u, v] = [dot(ray, right) / depthM, dot(ray, down) / depthM];
  const square = u * u + v * v;
  const bend = 1 + camera.k1 * square + camera.k2 * square * square;
  return {
    x: 0.5 + (u * bend * camera.focalPx) / PICTURE.widthPx,
    y: 0.5 + (v * bend * camera.focalPx) / PICTURE.heightPx,
    depthM,
  };
}

export function isInPicture(camera: Camera, at: { x: number; y: number; z: number }, farthestM = 45): boolean {
  const seen = project(camera, at);
  return seen !== undefined && seen.depthM < farthestM && seen.x > 0 && seen.x < 1 && seen.y > 0 && seen.y < 1;
}
