/** Tsai's camera model (R. Y. Tsai 1987, with radial distortion): from a picture point to the ground plane z = 0. */

export type TsaiCamera = {
  widthPx: number;
  heightPx: number;
  dpx: number;
  dpy: number;
  focal: number;
  kappa1: number;
  cx: number;
  cy: number;
  sx: number;
  tx: number;
  ty: number;
  tz: number;
  rx: number;
  ry: number;
  rz: number;
};

/** Reads the attributes of a calibration file such as PETS 2009 publishes; throws where one is missing. */
export function parseTsai(xml: string): TsaiCamera {
  const number = (name: string) => {
    const value = Number(new RegExp(`\\b${name}="([^"]+)"`).exec(xml)?.[1]);
    if (!Number.isFinite(value)) throw new Error(`the calibration file has no number "${name}"`);
    return value;
  };
  const [widthPx, heightPx, dpx, dpy] = [number('width'), number('height'), number('dpx'), number('dpy')];
  const [focal, kappa1, cx, cy, sx] = [number('focal'), number('kappa1'), number('cx'), number('cy'), number('sx')];
  const [tx, ty, tz] = [number('tx'), number('ty'), number('tz')];
  return {
    widthPx,
    heightPx,
    dpx,
    dpy,
    focal,
    kappa1,
    cx,
    cy,
    sx,
    tx,
    ty,
    tz,
    rx: number('rx'),
    ry: number('ry'),
    rz: number('rz'),
  };
}

/** Fractions of the picture → metres on the ground, in the calibration's own x and y (its unit is the millimetre). */
export function tsaiToGround(camera: TsaiCamera, x: number, y: number): { xM: number; yM: number } {
  const xd = ((x * camera.widthPx - camera.cx) * camera.dpx) / camera.sx;
  const yd = (y * camera.heightPx - camera.cy) * camera.dpy;
  const stretch = 1 + camera.kappa1 * (xd * xd + yd * yd);
  const u = (xd * stretch) / camera.focal;
  const v = (yd * stretch) / camera.focal;
  const [sa, ca] = [Math.sin(camera.rx), Math.cos(camera.rx)];
  const [sb, cb] = [Math.sin(camera.ry), Math.cos(camera.ry)];
  const [sg, cg] = [Math.sin(camera.rz), Math.cos(camera.rz)];
  const r1 = [cb * cg, cg * sa * sb - ca * sg] as const;
  const r2 = [sg * cb, sa * sb * sg + ca * cg] as const;
  const r3 = [-sb, cb * sa] as const;
  // (r1 - u r3) · world = u tz - tx and the same for v: two equations for x and y on the plane z = 0.
  const a = [r1[0] - u * r3[0], r1[1] - u * r3[1], u * camera.tz - camera.tx] as const;
  const b = [r2[0] - v * r3[0], r2[1] - v * r3[1], v * camera.tz - camera.ty] as const;
  const determinant = a[0] * b[1] - a[1] * b[0];
  return { xM: (a[2] * b[1] - a[1] * b[2]) / determinant / 1000, yM: (a[0] * b[2] - a[2] * b[0]) / determinant / 1000 };
}
