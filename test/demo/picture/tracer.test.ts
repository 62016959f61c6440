/** The tracer on a yard with one box: truth and picture agree, pictures repeat, shadows fall. Needs g++. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARKED_ID, writeTraceJob } from './trace-job.ts';

const [WIDTH, HEIGHT] = [96, 54];
const hasCompiler = spawnSync('g++', ['--version']).status === 0;
if (!hasCompiler) console.info('the tracer is not tested: g++ is not installed');

const folder = mkdtempSync(join(tmpdir(), 'city-trace-'));
const program = join(folder, 'city-trace');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function render(shot: string, take: string) {
  const [picture, truth] = [join(folder, `${take}.y4m`), join(folder, `${take}.jsonl`)];
  const done = spawnSync(program, [folder, '--shot', shot, '--samples', '8', '--y4m', picture, '--truth', truth]);
  if (done.status !== 0) throw new Error(`city-trace failed: ${done.stderr}`);
  const bytes = readFileSync(picture);
  const luma = bytes.subarray(bytes.indexOf('FRAME\n') + 6).subarray(0, WIDTH * HEIGHT);
  return { bytes, luma, truth: JSON.parse(readFileSync(truth, 'utf8')) };
}

describe.skipIf(!hasCompiler)('the tracer', () => {
  beforeAll(() => {
    const source = resolve('demo/picture/tracer/main.cpp');
    const built = spawnSync('g++', ['-std=c++17', '-O1', '-fopenmp', '-o', program, source]);
    if (built.status !== 0) throw new Error(`g++ failed: ${built.stderr}`);
    writeTraceJob(folder);
  }, 300_000);

  test('puts the box of an agent where the picture changes when the agent comes', () => {
    const [filled, empty] = [render('with', 'filled'), render('without', 'empty')];
    const [agent] = filled.truth.agents;
    const [x0, y0, x1, y1] = agent.box;
    let [changed, inside] = [0, 0];
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < x1; x++) {
        // Its shadow falls to the right, beyond the box.
        if (Math.abs(filled.luma[y * WIDTH + x]! - empty.luma[y * WIDTH + x]!) < 12) continue;
        changed += 1;
        if (x >= x0 - 1 && y >= y0 - 1 && y <= y1) inside += 1;
      }
    expect(agent).toMatchObject({ id: 1, full: agent.visible, seen: agent.box });
    expect(agent.full).toBeGreaterThan(150);
    expect(changed).toBeGreaterThan(0.8 * agent.full);
    expect(inside / changed).toBeGreaterThan(0.97);
    expect(empty.truth.agents).toEqual([]);
  });

  test('tells of scenery whose truth is wanted what an agent in its place is told, and what stands before it', () => {
    const [moving, parked, hidden] = [render('with', 'moving'), render('parked', 'parked'), render('hidden', 'hidden')];
    const [agent] = moving.truth.agents;
    expect(parked.truth.agents).toEqual([{ ...agent, id: PARKED_ID }]);
    const [before, behind] = hidden.truth.agents;
    expect(before).toMatchObject({ id: 1, visible: before.full });
    expect(behind).toMatchObject({ id: PARKED_ID, box: agent.box, full: agent.full });
    expect(behind.visible).toBeGreaterThan(0.2 * behind.full);
    expect(behind.visible).toBeLessThan(0.8 * behind.full);
  });

  test('tells the same of it without a picture', () => {
    const path = join(folder, 'only.jsonl');
    const done = spawnSync(program, [folder, '--shot', 'hidden', '--parked-only', '--truth', path]);
    expect(done.status).toBe(0);
    const { frame, agents } = JSON.parse(readFileSync(path, 'utf8'));
    expect(frame).toBe(0);
    expect(agents).toEqual(render('hidden', 'again-hidden').truth.agents.slice(1));
    const wrong = spawnSync(program, [folder, '--shot', 'hidden', '--parked-only', '--y4m', '-']);
    expect(wrong.status).not.toBe(0);
    expect(String(wrong.stderr)).toContain('--truth alone');
  });

  test('renders the same bytes again', () => {
    expect(render('with', 'again').bytes.equals(render('with', 'first').bytes)).toBe(true);
  });

  test('darkens the ground where the sun is blocked, and only there', () => {
    const [filled, empty] = [render('with', 'shade'), render('without', 'bare')];
    const [, , x1, y1] = filled.truth.agents[0].box;
    const at = (y1 - 3) * WIDTH;
    const shaded = filled.luma[at + x1 + 3]!;
    expect(shaded).toBeLessThan(0.75 * empty.luma[at + x1 + 3]!);
    expect(filled.luma[at + 10]).toBe(empty.luma[at + 10]);
  });
});
