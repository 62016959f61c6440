/** Every fault of the table, as the product's own supervisor meets it: the reason it names, and that it recovers alone. */
import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CameraFault, FAULT_TABLE, type FaultId } from '#demo/devices/fault-table.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import { FAULTS } from '#models/schema/fault.ts';
import { ROOT_DIR } from '#system/config.ts';
import { until } from '#test/site/site.ts';
import { type SmallFleet, startSmallFleet } from './small-fleet.ts';
import type { WatchNews, WatchOrder } from './watch-process.ts';

const FAULTS_OF_ONE: readonly CameraFault[] = FAULT_TABLE.filter((fault: CameraFault) => fault.isOfStreet !== true);
const STREET = 3;
const TOLD_MS = 120_000;

/** What else must be seen of a camera that stays live, or is live again. */
const SEEN: Partial<Record<FaultId, (state: CameraState, before: CameraState) => boolean>> = {
  'change-resolution': ({ width, height }) => width === 240 && height === 134,
  'change-codec': ({ codec }) => codec === 'hevc' || codec === 'h265',
  'low-fps': ({ fps }) => (fps ?? 0) > 9 && (fps ?? 0) < 13,
  'time-jump': ({ timeJumps }, before) => timeJumps > before.timeJumps,
  'non-monotonic': ({ timeJumps }, before) => timeJumps > before.timeJumps,
  drift: ({ timeJumps, decoded }, before) => timeJumps === before.timeJumps && decoded > before.decoded + 15,
};

let fleet: SmallFleet;
let watcher: ChildProcess;
const states = new Map<string, CameraState[]>();

function orderOf(number: number, name: string): WatchOrder {
  const device = fleet.device(number);
  const url = device.urlOf(device.streams[0]!);
  const transport = name === 'packet-loss' ? 'udp' : 'tcp';
  const camera: Camera = {
    id: device.plan.id,
    name,
    source: { kind: 'rtsp', url, transport, user: device.plan.user },
    area: null,
    isEnabled: true,
    sampleFps: 5,
    isGated: false,
    fullLookIntervalS: 10,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
  return { camera, password: device.plan.password };
}

const told = (number: number) => states.get(fleet.device(number).plan.id) ?? [];

/** A state that comes after the first `from`. */
async function reaches(
  number: number,
  what: string,
  { from, is }: { from: number; is: (state: CameraState) => boolean },
) {
  await until(`camera ${number} is ${what}`, () => told(number).slice(from).some(is), TOLD_MS).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${JSON.stringify(told(number).at(-1))}`);
  });
}

beforeAll(async () => {
  fleet = await startSmallFleet({ count: FAULTS_OF_ONE.length + STREET, clip: { noise: 6 } });
  const path = resolve(ROOT_DIR, 'test/demo/devices/watch-process.ts');
  watcher = fork(path, { env: { ...process.env, UV_THREADPOOL_SIZE: '96' } });
  watcher.on('message', ({ camera, state }: WatchNews) => states.set(camera, [...(states.get(camera) ?? []), state]));
});
afterAll(async () => {
  watcher?.kill('SIGKILL');
  await fleet?.[Symbol.asyncDispose]();
});

/** From live through the fault to live again; all cameras go through theirs at the same time. */
async function live(number: number, fault: CameraFault): Promise<void> {
  const { id, state, reason } = fault;
  watcher.send(orderOf(number, fault.id));
  await reaches(number, 'live', { from: 0, is: (one) => one.state === 'live' && one.decoded > 5 });
  const before = told(number).at(-1)!;
  const from = told(number).length;
  await fleet.setFault({ camera: String(number), kind: id, ...(id === 'slow-answers' ? { amount: 5 } : {}) });
  const isSeen = SEEN[id as FaultId] ?? (() => true);
  const isDecoding = (one: CameraState) => state !== 'live' || one.decoded > before.decoded;
  const isIt = (one: CameraState) =>
    one.state === state && one.reason === reason && isDecoding(one) && isSeen(one, before);
  await reaches(number, `${state} ${reason ?? ''}`, { from, is: isIt });
  const shown = told(number).slice(from).find(isIt)!;
  if (reason !== undefined) expect(shown.message).not.toBe('');
  if (reason !== undefined && state === 'down') expect(shown.cure).toBe(FAULTS[reason].cure);
  const ill = told(number).length;
  await fleet.clearFaults({ camera: String(number) });
  const { decoded } = told(number).at(-1)!;
  await reaches(number, 'live again', { from: ill, is: (one) => one.state === 'live' && one.decoded > decoded });
  watcher.send({ stop: fleet.device(number).plan.id } satisfies WatchOrder);
}

describe('a live camera', () => {
  const lives = new Map<string, Promise<void>>();
  beforeAll(() => {
    for (const [index, fault] of FAULTS_OF_ONE.entries()) {
      const lived = live(index + 1, fault);
      lived.catch(() => undefined);
      lives.set(fault.id, lived);
    }
  });

  it.each(FAULTS_OF_ONE)('with the fault $id is $shows; and well again when it is over', async ({ id }) => {
    await lives.get(id);
  });

  it('goes down with its whole street when the power is cut, and all come back alone', async () => {
    const numbers = Array.from({ length: STREET }, (_, index) => FAULTS_OF_ONE.length + 1 + index);
    const street = fleet.device(numbers[0]!).plan.street;
    const neighbours = numbers.filter((number) => fleet.device(number).plan.street === street);
    expect(neighbours.length).toBeGreaterThan(1);
    const elsewhere = fleet.devices.find(({ plan }) => plan.street !== street)!.plan.number;
    for (const number of [...neighbours, elsewhere]) watcher.send(orderOf(number, 'power-cut'));
    const others = told(elsewhere).length;
    for (const number of neighbours) {
      await reaches(number, 'live', { from: 0, is: (one) => one.state === 'live' && one.decoded > 5 });
    }
    const from = new Map(neighbours.map((number) => [number, told(number).length]));
    await reaches(elsewhere, 'live', { from: others, is: (one) => one.state === 'live' && one.decoded > 5 });
    const spared = told(elsewhere).length;
    const cut = await fleet.setFault({ camera: String(neighbours[0]), kind: 'power-cut' });
    expect(cut.length).toBeGreaterThanOrEqual(neighbours.length);
    for (const number of neighbours) {
      const is = (one: CameraState) => one.state === 'down' && one.reason === 'camera-refused';
      await reaches(number, 'down camera-refused', { from: from.get(number)!, is });
      expect(
        told(number)
          .slice(from.get(number))
          .some((one) => one.reason === 'camera-frozen'),
      ).toBe(true);
    }
    expect(
      told(elsewhere)
        .slice(spared)
        .every((one) => one.state === 'live'),
    ).toBe(true);
    const dark = new Map(neighbours.map((number) => [number, told(number).length]));
    await fleet.clearFaults({ street });
    for (const number of neighbours) {
      await reaches(number, 'live again', { from: dark.get(number)!, is: (one) => one.state === 'live' });
    }
    expect(fleet.faults()).toEqual([]);
  });
});
