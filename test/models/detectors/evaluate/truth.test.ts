import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { parseLabels } from '#models/detectors/evaluate/truth/label-folder.ts';
import { parseMot } from '#models/detectors/evaluate/truth/mot-clip.ts';
import { readTruth } from '#models/detectors/evaluate/truth/read-truth.ts';
import { type SeenAgent, sortAgents } from '#models/detectors/evaluate/truth/render.ts';
import { parseVoc } from '#models/detectors/evaluate/truth/voc-folder.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-truth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function writePicture(...parts: string[]): Promise<void> {
  const path = resolve(folder, ...parts);
  mkdirSync(resolve(path, '..'), { recursive: true });
  await sharp({ create: { width: 80, height: 60, channels: 3, background: '#404040' } }).toFile(path);
}

/** What is read of each picture; the picture itself is freed as soon as it was read. */
async function readAll(...parts: string[]) {
  const all = [];
  for await (const { picture, name, labels, regions } of readTruth(resolve(folder, ...parts))) {
    all.push({ name, width: picture.width, labels, regions });
  }
  return all;
}

test('lines of a label file are centre and size, and come as left and top', () => {
  expect(parseLabels('3 0.5 0.5 0.2 0.1 0.8 p\n\n9 0.5 0.5 1 1 0.3 p\n')).toEqual([
    { index: 3, box: [0.4, 0.45, 0.2, 0.1] },
    { index: 9, box: [0, 0, 1, 1] },
  ]);
});

test('lines of MOT are pixels of a frame', () => {
  expect(parseMot('7,1,10,20,30,40,1,-1,-1,-1\n')).toEqual([{ frame: 7, box: [10, 20, 30, 40] }]);
});

test('boxes of VOC become fractions, with the names they have', () => {
  const size = '<size><width>200</width><height>100</height></size>';
  const corners = '<bndbox><xmin>20</xmin><ymin>10</ymin><xmax>120</xmax><ymax>60</ymax></bndbox>';
  const [found] = parseVoc(`<annotation>${size}<object><name>bus</name>${corners}</object></annotation>`);
  expect(found).toEqual({ name: 'bus', box: [0.1, 0.1, 0.5, 0.5] });
});

test('a folder of pictures with text files is read, and a picture without one is not', async () => {
  await writePicture('own', 'a.png');
  await writePicture('own', 'b.png');
  writeFileSync(resolve(folder, 'own', 'a.txt'), '0 0.5 0.5 0.5 0.5\n9 0.1 0.1 0.2 0.2\n');
  expect(await readAll('own')).toEqual([
    {
      name: 'a.png',
      width: 80,
      labels: [{ kind: 'person', box: [0.25, 0.25, 0.5, 0.5] }],
      regions: [[0, 0, 0.2, 0.2]],
    },
  ]);
});

test('a folder in COCO’s classes gives the kinds that are ours, and a picture without labels has nothing in it', async () => {
  await writePicture('coco', 'images', 'a.png');
  await writePicture('coco', 'images', 'b.png');
  mkdirSync(resolve(folder, 'coco', 'labels'));
  writeFileSync(resolve(folder, 'coco', 'labels', 'a.txt'), '7 0.5 0.5 0.5 0.5\n16 0.1 0.1 0.2 0.2\n');
  expect((await readAll('coco')).map(({ labels, regions }) => ({ labels, regions }))).toEqual([
    { labels: [{ kind: 'truck', box: [0.25, 0.25, 0.5, 0.5] }], regions: [] },
    { labels: [], regions: [] },
  ]);
});

test('a name of VOC that is no kind of ours is a region to ignore', async () => {
  await writePicture('voc', 'a.jpg');
  const corners = '<bndbox><xmin>0</xmin><ymin>0</ymin><xmax>40</xmax><ymax>30</ymax></bndbox>';
  const objects = ['car', 'tram'].map((name) => `<object><name>${name}</name>${corners}</object>`).join('');
  writeFileSync(resolve(folder, 'voc', 'a.xml'), `<width>80</width><height>60</height>${objects}`);
  expect(await readAll('voc')).toMatchObject([
    { labels: [{ kind: 'car', box: [0, 0, 0.5, 0.5] }], regions: [[0, 0, 0.5, 0.5]] },
  ]);
});

test('pictures of a rendered shot go with the truth of their frame', async () => {
  await writePicture('shot', 'market-00003.png');
  const agent = { id: 5, box: [8, 6, 24, 36], seen: [8, 6, 24, 36], full: 400, visible: 400 };
  writeFileSync(resolve(folder, 'shot', 'market.jsonl'), `${JSON.stringify({ frame: 3, agents: [agent] })}\n`);
  writeFileSync(resolve(folder, 'shot', 'market.agents.json'), '{"agents":[{"id":5,"kind":"person"}]}');
  expect(await readAll('shot', 'market.jsonl')).toMatchObject([
    { name: 'market 3', labels: [{ kind: 'person', box: [0.1, 0.1, 0.2, 0.5] }] },
  ]);
});

test('kinds may be told for each picture of a shot', async () => {
  await writePicture('stills', 'yard-00000.png');
  await writePicture('stills', 'yard-00001.png');
  const agent = { id: 5, box: [8, 6, 24, 36], seen: [8, 6, 24, 36], full: 400, visible: 400 };
  const lines = [0, 1].map((frame) => `${JSON.stringify({ frame, agents: [agent] })}\n`);
  writeFileSync(resolve(folder, 'stills', 'yard.jsonl'), lines.join(''));
  writeFileSync(resolve(folder, 'stills', 'yard.kinds.json'), '[[[5,"person"]],[[5,"truck"]]]');
  const kinds = (await readAll('stills')).map(({ labels }) => labels.map(({ kind }) => kind));
  expect(kinds).toEqual([['person'], ['truck']]);
});

const AGENT: SeenAgent = { id: 1, box: [-20, 10, 60, 110], seen: [0, 10, 30, 40], full: 1000, visible: 1000 };
const scene = { kinds: new Map([[1, 'person' as const]]), size: { width: 200, height: 100 } };

test.each([
  ['mostly seen: its whole box, cut to the picture', {}, { labels: [[0, 0.1, 0.3, 0.9]], regions: [] }],
  ['partly seen: the box of what is seen', { visible: 300 }, { labels: [[0, 0.1, 0.15, 0.3]], regions: [] }],
  ['hardly seen: ignored as a whole', { visible: 200 }, { labels: [], regions: [[0, 0.1, 0.3, 0.9]] }],
  ['not seen: not there', { visible: 0, seen: null }, { labels: [], regions: [] }],
  ['no kind of ours: not there', { id: 2 }, { labels: [], regions: [] }],
  ['tiny: ignored', { box: [10, 10, 11, 12] }, { labels: [], regions: [[0.05, 0.1, 0.005, 0.02]] }],
])('an agent that is %s', (_what, values, expected) => {
  const { labels, regions } = sortAgents([{ ...AGENT, ...values } as SeenAgent], scene);
  const near = (boxes: readonly (readonly number[])[]) =>
    boxes.map((box) => box.map((side) => Number(side.toFixed(6))));
  expect(near(labels.map(({ box }) => box))).toEqual(expected.labels);
  expect(near(regions)).toEqual(expected.regions);
});

test.each([
  ['nowhere', 'file-missing'],
  ['empty', 'file-unreadable'],
])('a truth that is %s is told with %s', (name, code) => {
  mkdirSync(resolve(folder, 'empty'), { recursive: true });
  expect(() => readTruth(resolve(folder, name))).toThrow(expect.objectContaining({ code }));
});
