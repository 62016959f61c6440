import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { rgbPicture } from './pictures.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Takes memory of the size of the picture again and again, so that what was given back is written over. */
function overwrite(bytes: number): void {
  for (let round = 0; round < 200; round++) Buffer.alloc(bytes, round % 200);
}

test('a picture keeps its pixels when the memory it was made of is collected', () => {
  using picture = rgbPicture(64, 64, () => [201, 202, 203]);
  for (let round = 0; round < 5; round++) {
    collect();
    overwrite(64 * 64 * 3);
  }
  const [pixels] = picture.data ?? [];
  expect([...(pixels?.subarray(0, 6) ?? [])]).toEqual([201, 202, 203, 201, 202, 203]);
});
