/** Lines as the tracer writes them, made of a motion: whole silhouettes, everything inside the picture seen. */
import { type ClipTruth, insideBox, isThing } from '#demo/world/truth/clip-truth.ts';

export function tracedLines({ frames }: ClipTruth, wanted = frames.length): string {
  const lines = frames.slice(0, wanted).map((agents, frame) => {
    const told = agents.filter(isThing).map(({ id, box }) => {
      const inside = insideBox(box)!;
      const pixels = Math.max(1, Math.round(inside[2] * 1280 * inside[3] * 720 * 0.6));
      const corners = [box[0] * 1280, box[1] * 720, (box[0] + box[2]) * 1280, (box[1] + box[3]) * 720];
      return { id, box: corners, seen: corners, full: pixels, visible: Math.round(pixels / 2) };
    });
    return JSON.stringify({ frame, agents: told });
  });
  return `${lines.join('\n')}\n`;
}
