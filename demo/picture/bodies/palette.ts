/** Believable colours of clothes and paint, drawn from a seed: mostly muted, some bright. */
import type { Rgb } from '#demo/picture/job/material.ts';

/** A stream of numbers 0..1 from a seed (mulberry32); each concern takes a stream of its own. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SKIN = ['#d3ab8b', '#c99d7c', '#bd8f6d', '#b1825f', '#d8b396', '#a47553'];
const HAIR = ['#12100f', '#1a1614', '#241c17', '#17130f', '#2c211a', '#3a2a1f'];
const GREY_HAIR = ['#8f8c88', '#b5b2ad', '#5d5a57'];
const MUTED_TOPS = [
  '#1e2431',
  '#24282f',
  '#16181b',
  '#3a3f47',
  '#5b616b',
  '#8b9097',
  '#d8d6d0',
  '#ebe9e4',
  '#f2f1ee',
  '#3e4c44',
  '#6b5d4c',
  '#8a7a62',
  '#b9a98e',
  '#34465f',
  '#4d5f78',
  '#7a8796',
  '#59403a',
  '#47384a',
];
const BRIGHT_TOPS = [
  '#a5332f',
  '#b5503f',
  '#bd7440',
  '#c9a95a',
  '#3a6a88',
  '#5288a0',
  '#3a7560',
  '#6d9068',
  '#b86c80',
  '#cf9ea8',
  '#75609a',
  '#84303e',
  '#33609a',
];
const TROUSERS = ['#17191d', '#1f232b', '#262a31', '#2c3038', '#4a4b4d', '#6e6759', '#8d8471', '#3b3430', '#23304a'];
const DENIM = ['#25344f', '#2f4263', '#3d557c', '#52698c', '#1c2433', '#7d92ad', '#2a2c31'];
const SKIRTS = ['#1c1d22', '#3b2f38', '#7b2f3a', '#c9b9a4', '#d8d4cc', '#40566e', '#5c6b52', '#a8566a'];
const SHOES = ['#18181a', '#222224', '#3b2a20', '#e6e4de', '#f0efeb', '#8a8a88', '#6b2d2a', '#2b3a55'];
const BAGS = ['#1b1c20', '#2a2d33', '#4b3324', '#6f4c33', '#8b2f35', '#a48a68', '#27405e', '#cfc8ba', '#b04a5a'];
const HATS = ['#1c1e22', '#33415a', '#d9d5cb', '#b23a34', '#7d7a72', '#3f5a48', '#e2c25a'];
const COURIERS = ['#f2c21c', '#1f8fe0', '#f2c21c', '#1f8fe0', '#2aa35a', '#e05a2b'];
const CARS = [
  '#e9eaea',
  '#dfe0e0',
  '#e9eaea',
  '#c3c6c8',
  '#9ba0a4',
  '#16181b',
  '#1f2327',
  '#16181b',
  '#4c5258',
  '#7d1a1c',
  '#1f3358',
  '#2d4f86',
  '#b9b2a2',
  '#5a4334',
  '#35503f',
];
const TAXIS: readonly (readonly [string, string])[] = [
  ['#2f8f6b', '#d9b233'],
  ['#2b6cb0', '#e4e4e0'],
  ['#c9a227', '#c9a227'],
  ['#2f8f6b', '#2f8f6b'],
];
const BUSES: readonly (readonly [string, string])[] = [
  ['#2f7fb8', '#eef0f0'],
  ['#c62f2f', '#f0efec'],
  ['#3a9a5c', '#eef0ec'],
  ['#eceeee', '#2f7fb8'],
];
const TRUCKS = ['#e6e8e8', '#2f5a94', '#b8322c', '#e6e8e8', '#d9a92c'];
const BOXES = ['#eceeec', '#e2e4e4', '#d2d6d8', '#eceeec', '#3f6fa0'];
const BICYCLES = ['#1c1c1e', '#2d6cb5', '#36a3a0', '#e3b52a', '#c43a34', '#e4e4e0', '#4aa85a'];
const SCOOTERS = ['#e6e6e2', '#1d1e20', '#b8322c', '#31588e', '#8fa3ad', '#d9b8b0'];

function rgb(hex: string, shade = 1): Rgb {
  const part = (at: number) => Math.max(0, Math.min(1, (Number.parseInt(hex.slice(at, at + 2), 16) / 255) * shade));
  return [part(1), part(3), part(5)];
}

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!;
}

/** The eight colours of a person (see PERSON_SLOTS). `name` is the figure's: couriers and elders differ. */
export function personPalette(seed: number, name: string): Rgb[] {
  const random = randomFrom(seed * 7919 + 13);
  const shade = () => 0.9 + random() * 0.2;
  const isOlder = name.includes('older');
  const isBright = random() < (name.startsWith('woman') || name.startsWith('child') ? 0.42 : 0.26);
  const top = name === 'man-courier' ? pick(random, COURIERS) : pick(random, isBright ? BRIGHT_TOPS : MUTED_TOPS);
  const isDenim = random() < 0.55 && !isOlder;
  const skirt = name.includes('skirt') || name === 'woman-umbrella';
  const trousers = pick(random, skirt ? SKIRTS : isDenim ? DENIM : TROUSERS);
  const hair = pick(random, isOlder && random() < 0.75 ? GREY_HAIR : HAIR);
  const second = name === 'man-courier' ? top : pick(random, [...MUTED_TOPS.slice(6, 10), ...BRIGHT_TOPS.slice(4, 8)]);
  return [
    rgb(pick(random, SKIN), shade()),
    rgb(hair),
    rgb(top, shade()),
    rgb(trousers, shade()),
    rgb(pick(random, SHOES)),
    rgb(pick(random, BAGS), shade()),
    rgb(second, shade()),
    rgb(name === 'man-courier' && random() < 0.4 ? top : pick(random, random() < 0.65 ? HATS : BRIGHT_TOPS), shade()),
  ];
}

/** The colours of a vehicle (see VEHICLE_SLOTS). */
export function vehiclePalette(seed: number, kind: string, name: string): Rgb[] {
  const random = randomFrom(seed * 104729 + 5);
  const pair = (list: readonly (readonly [string, string])[]) => pick(random, list).map((hex) => rgb(hex));
  if (name === 'taxi') return pair(TAXIS);
  if (kind === 'bus') return pair(BUSES);
  if (kind === 'truck') return [rgb(pick(random, TRUCKS)), rgb(pick(random, BOXES))];
  if (name === 'courier-scooter') return [rgb(pick(random, SCOOTERS)), rgb(pick(random, COURIERS))];
  if (kind === 'bicycle') return [rgb(pick(random, BICYCLES)), rgb('#1c1c1e')];
  if (kind === 'motorcycle') return [rgb(pick(random, SCOOTERS)), rgb('#1c1c1e')];
  return [rgb(pick(random, CARS), 0.95 + random() * 0.1), rgb('#e4e4e0')];
}
