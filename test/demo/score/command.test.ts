import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';

const run = promisify(execFile);
const demo = (...args: string[]) => run(process.execPath, [resolve(ROOT_DIR, 'cli/main.ts'), 'demo', ...args]);

describe('demo truth', () => {
  const night = ['--camera', 'yard', '--from', '2026-06-09T02:00:00', '--to'];

  it('tells counts per minute, cell, grid and line', async () => {
    const { stdout } = await demo('truth', ...night, '2026-06-09T02:02:00', '--json');
    const truth = JSON.parse(stdout);
    expect(truth).toMatchObject({ view: 'yard', fromMs: Date.parse('2026-06-08T18:00:00Z') });
    expect(truth.minutes).toHaveLength(2);
    expect(truth.minutes[0]).toMatchObject({ clip: 'night' });
    const cells: { person: number; car: number }[] = Object.values(truth.cells);
    const sum = cells.reduce((all, cell) => all + cell.person, 0);
    expect(sum).toBeCloseTo(truth.presenceS.person, 6);
    expect(truth.lines).toHaveLength(1);
  });

  it('tells every frame: ids, kinds, boxes, what is in sight, feet', async () => {
    const { stdout } = await demo('truth', ...night, '2026-06-09T02:00:01', '--frames');
    const frames = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(frames).toHaveLength(15);
    expect(frames[1].atMs - frames[0].atMs).toBeCloseTo(1000 / 15, 3);
    const [agent] = frames[0].agents;
    expect(Object.keys(agent).sort()).toEqual(['box', 'id', 'kind', 'lat', 'lon', 'part', 'stays', 'visible']);
  });

  it('says which cameras there are', async () => {
    const fail = (...args: string[]) =>
      demo('truth', ...args).catch((error: { stderr: string; code: number }) => error);
    const none = await fail('--camera', 'nowhere', '--from', '2026-06-09', '--to', '2026-06-10');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('there are crossing, avenue') });
  });
});
