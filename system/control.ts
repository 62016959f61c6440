/** What every process answers over NATS: its metrics, and whether it is well; and how to ask all of them at once. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Warning } from '#models/schema/site-view.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import type { Metrics } from './metrics.ts';

export type ProcessHealth = {
  role: string;
  process: string;
  isWell: boolean;
  /** One sentence where it is not well, and one that says what to do. */
  message?: string;
  cure?: string;
  /** What somebody should know although it is well. */
  warnings?: readonly Warning[];
  startedAtMs: number;
  details: Record<string, unknown>;
};

/** Answers for this process until the connection closes. */
export function answerControl(
  connection: NatsConnection,
  options: { metrics: Metrics; health: () => ProcessHealth | Promise<ProcessHealth> },
): void {
  connection.subscribe(CONTROL.metrics, {
    callback: (_error, message) => {
      void options.metrics.registry.getMetricsAsJSON().then((metrics) => message.respond(JSON.stringify(metrics)));
    },
  });
  connection.subscribe(CONTROL.health, {
    callback: (_error, message) => {
      void Promise.resolve(options.health()).then((health) => message.respond(JSON.stringify(health)));
    },
  });
}

/** Asks every process, and returns what came within `waitMs`; nobody's silence delays it longer. */
export async function askAll(connection: NatsConnection, subject: string, waitMs = 400): Promise<unknown[]> {
  const answers: unknown[] = [];
  const replies = await connection.requestMany(subject, undefined, { strategy: 'timer', maxWait: waitMs });
  try {
    for await (const reply of replies) answers.push(reply.json());
  } catch {
    // Nobody answers on the subject: an empty list says so.
  }
  return answers;
}
