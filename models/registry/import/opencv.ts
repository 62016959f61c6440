/** A calibration as OpenCV's programs write it: YAML of FileStorage, or JSON, with matrices under any of their usual names. */
import { parseDocument } from 'yaml';
import { FaultError } from '../../schema/fault.ts';
import { type ForeignCalibration, planeToPicture } from './frame.ts';

const NAMES = {
  matrix: ['camera_matrix', 'cameraMatrix', 'camera_Matrix', 'Camera_Matrix', 'intrinsic_matrix', 'mtx', 'K', 'M1'],
  distortion: [
    ...['distortion_coefficients', 'Distortion_Coefficients', 'dist_coeffs', 'distCoeffs', 'dist_coeff', 'dist', 'D'],
    'D1',
  ],
  rvec: ['rvec', 'rotation_vector', 'rvecs'],
  turn: ['R', 'rotation_matrix', 'rotation'],
  shift: ['tvec', 'translation_vector', 'tvecs', 'T', 't', 'translation'],
  width: ['image_width', 'image_Width', 'width', 'img_width'],
  height: ['image_height', 'image_Height', 'height', 'img_height'],
  size: ['image_size', 'imageSize', 'image_Size', 'resolution', 'img_shape'],
} as const;
type Name = keyof typeof NAMES;

/** Throws FaultError `calibration-unfit`, which says what is missing and by which names it would be found. */
export function readOpenCv(text: string): ForeignCalibration {
  const file = parse(text);
  const { width, height } = sizeOf(file);
  const k = numbers(file, 'matrix', [9]);
  const bent = find(file, 'distortion') === undefined ? [] : numbers(file, 'distortion', [4, 5, 8, 12, 14]);
  if (bent.slice(5).some((value) => value !== 0)) {
    throw new FaultError(
      'calibration-unfit',
      `${bent.length} distortion coefficients came, of which the first five are known here`,
      {
        cure: 'Calibrate with the plain model of five coefficients (k1, k2, p1, p2, k3).',
      },
    );
  }
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0] = bent;
  const pinhole = { fx: k[0]! / width, fy: k[4]! / height, cx: k[2]! / width, cy: k[5]! / height };
  if (!(pinhole.fx > 0.05 && pinhole.fy > 0.05 && k[8] === 1 && Math.abs(k[3]!) < 1e-9))
    throw new FaultError(
      'calibration-unfit',
      'the camera matrix is none: [fx 0 cx; 0 fy cy; 0 0 1] in pixels is expected',
    );
  const turn = find(file, 'turn') === undefined ? fromVector(numbers(file, 'rvec', [3])) : numbers(file, 'turn', [9]);
  refuseNoTurn(turn);
  const { toPicture, isAbove } = planeToPicture(turn, numbers(file, 'shift', [3]), pinhole);
  return { toPicture, isAbove, lens: { ...pinhole, k1, k2, p1, p2, k3 }, aspect: width / height };
}

function parse(text: string): Record<string, unknown> {
  // FileStorage writes "%YAML:1.0", which YAML itself does not allow.
  const document = parseDocument(text.replace(/^%YAML[^\n]*\n(---\n?)?/, ''), { logLevel: 'silent' });
  const error = document.errors[0];
  if (error !== undefined)
    throw new FaultError('calibration-unfit', `the file is no YAML or JSON: ${error.message.split('\n')[0]}`);
  const file: unknown = document.toJS({ maxAliasCount: 20 });
  if (typeof file !== 'object' || file === null || Array.isArray(file))
    throw new FaultError('calibration-unfit', 'the file holds no names with values');
  return file as Record<string, unknown>;
}

const find = (file: Record<string, unknown>, name: Name): unknown =>
  NAMES[name].map((each) => file[each]).find((value) => value !== undefined && value !== null);

function numbers(file: Record<string, unknown>, name: Name, counts: readonly number[]): number[] {
  const value = find(file, name);
  const inner = typeof value === 'object' && value !== null && 'data' in value ? value.data : value;
  const flat: unknown[] = Array.isArray(inner) ? inner.flat(3) : [];
  if (counts.includes(flat.length) && flat.every((each) => typeof each === 'number' && Number.isFinite(each)))
    return flat as number[];
  const came = value === undefined ? 'is not in the file' : `holds ${flat.length} values`;
  throw new FaultError(
    'calibration-unfit',
    `${name} (${NAMES[name].slice(0, 3).join(', ')} …) ${came}, ${counts.join(' or ')} numbers are expected`,
  );
}

function sizeOf(file: Record<string, unknown>): { width: number; height: number } {
  const size = find(file, 'size');
  const [width, height] = Array.isArray(size) ? size : [find(file, 'width'), find(file, 'height')];
  if (Number(width) > 0 && Number(height) > 0) return { width: Number(width), height: Number(height) };
  throw new FaultError(
    'calibration-unfit',
    'the size of the picture is missing: image_width and image_height, in pixels',
  );
}

/** Rodrigues' formula. */
function fromVector(vector: readonly number[]): number[] {
  const angle = Math.hypot(...vector);
  if (angle < 1e-12) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const [x, y, z] = vector.map((value) => value / angle) as [number, number, number];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const rest = 1 - cos;
  return [
    ...[cos + x * x * rest, x * y * rest - z * sin, x * z * rest + y * sin],
    ...[y * x * rest + z * sin, cos + y * y * rest, y * z * rest - x * sin],
    ...[z * x * rest - y * sin, z * y * rest + x * sin, cos + z * z * rest],
  ];
}

function refuseNoTurn(turn: readonly number[]): void {
  const rows = [0, 3, 6].map((row) => turn.slice(row, row + 3));
  for (const [index, row] of rows.entries()) {
    for (const [other, second] of rows.entries()) {
      const product = row.reduce((sum, value, at) => sum + value * second[at]!, 0);
      if (Math.abs(product - (index === other ? 1 : 0)) > 0.01)
        throw new FaultError(
          'calibration-unfit',
          'the rotation is none: its rows should be of length 1 and upright on each other',
        );
    }
  }
}
