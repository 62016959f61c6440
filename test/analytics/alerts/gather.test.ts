import { describe, expect, it } from 'vitest';
import { createGathering, type Waiting } from '#analytics/alerts/evidence/gather.ts';
import type { Severity } from '#models/schema/severity.ts';
import { alertOf } from '#test/site/alert-events.ts';

/** Alerts that wait until they are told to go on; what became of each is written down. */
function watch(options: { waitingMax?: number; atOnce?: number }) {
  const [begun, refused, acknowledged]: [string[], string[], string[]] = [[], [], []];
  const ends: (() => void)[] = [];
  let outcome: 'done' | 'again' = 'done';
  const gathering = createGathering({
    gather(waiting) {
      begun.push(waiting.alert.text);
      return new Promise((done) => ends.push(() => done(outcome)));
    },
    refuse: async ({ alert }) => void refused.push(alert.text),
    ...options,
  });
  const waitingOf = (name: string, severity: Severity, camera: string): Waiting => ({
    alert: { ...alertOf(name, { severity }), text: name },
    camera,
    message: { ack: () => void acknowledged.push(name), working: () => {} },
  });
  return {
    ...{ gathering, begun, refused, acknowledged },
    add: (name: string, severity: Severity = 'info', camera = name) => gathering.add(waitingOf(name, severity, camera)),
    async end(how: 'done' | 'again' = 'done') {
      outcome = how;
      for (const one of ends.splice(0)) one();
      await new Promise(setImmediate);
    },
  };
}

describe('the queue of alerts that want pictures', () => {
  it('takes the gravest first, and of one camera two at a time', async () => {
    const queue = watch({ atOnce: 3 });
    for (const name of ['a', 'b', 'c']) queue.add(name);
    for (const name of ['minor', 'x1']) queue.add(name, 'minor', 'x');
    queue.add('critical', 'critical', 'x');
    queue.add('x2', 'minor', 'x');
    expect(queue.begun).toEqual(['a', 'b', 'c']);
    await queue.end();
    expect(queue.begun.slice(3)).toEqual(['critical', 'minor']);
    await queue.end();
    expect(queue.begun.slice(5)).toEqual(['x1', 'x2']);
    await queue.end();
    expect(queue.acknowledged).toHaveLength(7);
    await queue.gathering[Symbol.asyncDispose]();
  });

  it('refuses the oldest of the least grave where there is no more room, and loses none in silence', async () => {
    const queue = watch({ atOnce: 1, waitingMax: 2 });
    queue.add('at work');
    for (const name of ['first', 'second']) queue.add(name);
    queue.add('grave', 'critical');
    queue.add('graver', 'critical');
    await new Promise(setImmediate);
    expect(queue.refused).toEqual(['first', 'second']);
    expect(queue.acknowledged).toEqual(['first', 'second']);
    expect(queue.gathering.counts()).toEqual({ waiting: 2, underWay: 1 });
    await queue.end();
    await queue.end();
    await queue.end();
    expect(queue.acknowledged.slice(2)).toEqual(['at work', 'grave', 'graver']);
    await queue.gathering[Symbol.asyncDispose]();
  });

  it('does not acknowledge what was broken off, so that it comes again', async () => {
    const queue = watch({ atOnce: 1 });
    queue.add('broken off');
    await queue.end('again');
    expect(queue.acknowledged).toEqual([]);
    await queue.gathering[Symbol.asyncDispose]();
  });
});
