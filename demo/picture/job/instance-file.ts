/** Writes what stands where at every frame of a shot, as the tracer reads it. */

const MAGIC = 0x31494553; // 'SEI1'
const WORDS = 16;

export const LIT = 1;
export const BRAKING = 2;

/** `agent` 0 is scenery; the matrix is row-major 3x4, object to stage. */
export type Instance = { mesh: number; agent: number; palette: number; flags: number; matrix: readonly number[] };

export function encodeInstances(frames: readonly (readonly Instance[])[]): Buffer {
  const total = frames.reduce((sum, frame) => sum + 4 + frame.length * WORDS * 4, 8);
  const out = Buffer.alloc(total);
  out.writeUInt32LE(MAGIC, 0);
  out.writeUInt32LE(frames.length, 4);
  let at = 8;
  for (const frame of frames) {
    at = out.writeUInt32LE(frame.length, at);
    for (const { mesh, agent, palette, flags, matrix } of frame) {
      for (const word of [mesh, agent, palette, flags]) at = out.writeUInt32LE(word, at);
      for (const value of matrix) at = out.writeFloatLE(value, at);
    }
  }
  return out;
}
