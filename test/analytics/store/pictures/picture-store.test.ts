import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDiskStore } from '#analytics/store/pictures/disk.ts';
import type { PictureStore } from '#analytics/store/pictures/picture-store.ts';
import { openS3Store } from '#analytics/store/pictures/s3.ts';
import { createSealer } from '#analytics/store/pictures/sealed.ts';

let folder: string;
let server: S3rver;
let address: string;
beforeAll(async () => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-pictures-'));
  const directory = resolve(folder, 's3');
  const configureBuckets = [{ name: 'city', configs: [] }];
  server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets });
  const { port } = await server.run();
  address = `http://S3RVER:S3RVER@127.0.0.1:${port}/city/evidence`;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const STORES: Record<string, () => PictureStore> = {
  'a disk': () => openDiskStore(resolve(folder, 'disk')),
  'an S3-compatible bucket': () => openS3Store(address, { dataDir: folder }),
};

for (const [place, open] of Object.entries(STORES)) {
  describe(`pictures in ${place}`, () => {
    let store: PictureStore;
    beforeAll(() => {
      store = open();
    });
    afterAll(() => store.close());
    const names = async (prefix: string) => {
      const found: string[] = [];
      for await (const { name, bytes } of store.list(prefix)) found.push(`${name} ${bytes}`);
      return found.sort();
    };

    it('come back as they were put, the last of a name', async () => {
      const bytes = randomBytes(200_000);
      await store.put('blurred/ab/one/clip.mp4', randomBytes(10));
      await store.put('blurred/ab/one/clip.mp4', bytes);
      expect((await store.read('blurred/ab/one/clip.mp4'))?.equals(bytes)).toBe(true);
      expect(await store.read('blurred/ab/none/clip.mp4')).toBeUndefined();
    });

    it('are listed by how their names begin, with their sizes', async () => {
      await store.put('blurred/ab/two/kept.info.5.json', Buffer.from('{}'));
      await store.put('unblurred/ab/two/clip.sealed', Buffer.alloc(7));
      expect(await names('blurred/ab/two/kept.')).toEqual(['blurred/ab/two/kept.info.5.json 2']);
      expect(await names('blurred/')).toHaveLength(2);
      expect(await names('unblurred/')).toEqual(['unblurred/ab/two/clip.sealed 7']);
      expect(await names('nothing/')).toEqual([]);
    });

    it('are gone once removed, also twice', async () => {
      await store.remove('unblurred/ab/two/clip.sealed');
      await store.remove('unblurred/ab/two/clip.sealed');
      expect(await names('unblurred/')).toEqual([]);
    });

    it('have no names that lead elsewhere', async () => {
      for (const name of ['../clip.mp4', '/etc/clip', 'a//b', 'a/../b', '.hidden', 'a/.', 'A'])
        await expect((async () => store.put(name, Buffer.alloc(1)))()).rejects.toThrow(/no name/);
    });
  });
}

describe('the places of pictures', () => {
  it('can be read by nobody but their owner, on a disk', async () => {
    const path = resolve(folder, 'disk/blurred/ab/one/clip.mp4');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(statSync(resolve(folder, 'disk')).mode & 0o077).toBe(0);
    expect(readdirSync(resolve(folder, 'disk/blurred/ab/one'))).toEqual(['clip.mp4']);
  });

  it('say what is wrong where they cannot be reached', async () => {
    const gone = openS3Store('http://key:secret@127.0.0.1:1/city', { dataDir: folder });
    await expect(gone.put('a', Buffer.alloc(1))).rejects.toMatchObject({ code: 'evidence-unreachable' });
    gone.close();
    await expect(
      openDiskStore(resolve(folder, 'disk/blurred/ab/one/clip.mp4')).put('a', Buffer.alloc(1)),
    ).rejects.toMatchObject({
      code: 'evidence-unreachable',
    });
    for (const wrong of ['http://host', 'ftp://host/bucket', 'bucket'])
      expect(() => openS3Store(wrong, { dataDir: folder })).toThrow(/names no bucket/);
    expect(() => openS3Store('http://host/bucket', { dataDir: folder })).toThrow(/no keys/);
  });

  it('hold sealed what is not blurred: no other key, name or byte opens it', () => {
    const sealer = createSealer(Buffer.alloc(32, 1));
    const sealed = sealer.seal(Buffer.from('a face'), 'one');
    expect(sealed.includes('a face')).toBe(false);
    expect(sealer.open(sealed, 'one').toString()).toBe('a face');
    expect(() => sealer.open(sealed, 'two')).toThrow();
    expect(() => createSealer(Buffer.alloc(32, 2)).open(sealed, 'one')).toThrow();
    sealed[sealed.length - 1]! ^= 1;
    expect(() => sealer.open(sealed, 'one')).toThrow();
  });
});
