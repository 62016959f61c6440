/** Compares pictures of parts of the page as somebody does who steps back: made smaller, softened, with a tolerance. */
import sharp from 'sharp';

/** Kept pictures are this many times smaller. */
const SMALLER = 3;
/** Of 255, of the channel that differs most: less is another way to draw an edge. */
const SEEN_FROM = 36;
/** Of all points; a button that moves by its own edge is more. */
const SHARE_MAX = 0.004;
/** In points of the smaller picture. */
const SIZE_MAX = 1;
const SOFTENED = 0.7;

export type Compared = { isSame: boolean; said: string; difference: Buffer };

type Raw = { data: Buffer; width: number; height: number };

/** As it is kept: smaller, in few colours. */
export async function smaller(picture: Buffer): Promise<Buffer> {
  const { width } = await sharp(picture).metadata();
  return sharp(picture)
    .resize({ width: Math.round(width / SMALLER), kernel: 'lanczos3' })
    .png({ palette: true, colours: 64, effort: 10 })
    .toBuffer();
}

async function rawOf(picture: Buffer, { width, height }: { width: number; height: number }): Promise<Raw> {
  const { data, info } = await sharp(picture)
    .flatten({ background: '#fff' })
    .extract({ left: 0, top: 0, width, height })
    .blur(SOFTENED)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Both made by `smaller`. The difference shows the new one in grey, and in red what is not as before. */
export async function compare(kept: Buffer, now: Buffer): Promise<Compared> {
  const [before, after] = await Promise.all([sharp(kept).metadata(), sharp(now).metadata()]);
  const room = { width: Math.min(before.width, after.width), height: Math.min(before.height, after.height) };
  const [one, other] = await Promise.all([rawOf(kept, room), rawOf(now, room)]);
  const points = one.width * one.height;
  const shown = Buffer.alloc(points * 3);
  let seen = 0;
  for (let at = 0; at < points * 3; at += 3) {
    const by = [0, 1, 2].map((channel) => Math.abs(one.data[at + channel]! - other.data[at + channel]!));
    const isSeen = Math.max(...by) > SEEN_FROM;
    if (isSeen) seen++;
    const grey = 128 + (other.data[at + 1]! >> 1);
    shown.set(isSeen ? [230, 20, 20] : [grey, grey, grey], at);
  }
  const difference = await sharp(shown, { raw: { ...room, channels: 3 } })
    .png()
    .toBuffer();
  const grown = [after.width - before.width, after.height - before.height] as const;
  const isSize = grown.every((by) => Math.abs(by) <= SIZE_MAX);
  const share = seen / points;
  const said = `${(share * 100).toFixed(2)} % of its points differ (at most ${SHARE_MAX * 100} %); it is ${grown[0] * SMALLER} px wider and ${grown[1] * SMALLER} px taller`;
  return { isSame: isSize && share <= SHARE_MAX, said, difference };
}
