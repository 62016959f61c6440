import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testConfig, until } from '#test/site/site.ts';
import { commandEnvironment, finishCommand, processesOf, runCommand, waitForLink } from './running-command.ts';

describe('./sharp-eyes up when plugs are pulled', () => {
  it('brings back every part that is killed, and leaves none behind when it is killed itself', async () => {
    const config = await testConfig();
    const env = commandEnvironment(config);
    const up = runCommand(['up'], env);
    // A failed test leaves nobody behind either: children end with their parent.
    onTestFinished(() => void up.process.kill('SIGKILL'));
    await waitForLink(up);
    const runDir = resolve(config.dataDir, 'run');
    const pidOf = (name: string) => Number(readFileSync(resolve(runDir, `${name}.pid`), 'utf8'));
    const parts = readdirSync(runDir)
      .filter((file) => file.endsWith('.pid'))
      .map((file) => file.replace('.pid', ''));
    expect(parts.sort()).toEqual(['alerts', 'analytics', 'api', 'nats', 'rules', 'store', 'worker-1']);
    for (const part of parts) process.kill(pidOf(part), 'SIGKILL');
    // Without material there is no model, which the doctor rightly finds; here the parts count.
    const isWell = async () => {
      const { answer } = await finishCommand(['doctor', '--json'], env);
      const findings = JSON.parse(answer) as { about: string; isWell: boolean }[];
      return (
        findings.length > parts.length &&
        findings.every((finding) => finding.isWell || finding.about.startsWith('model'))
      );
    };
    await until('every part is well again', isWell, 180_000);

    const second = await finishCommand(['up'], env);
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/in use.*\[data-locked\]/s);

    up.process.kill('SIGKILL');
    await until('nobody is left', () => processesOf(config.dataDir).length === 0);
    const again = runCommand(['up'], env);
    await waitForLink(again);
    again.process.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    expect(processesOf(config.dataDir)).toEqual([]);
    rmSync(config.dataDir, { recursive: true, force: true });
  });
});
