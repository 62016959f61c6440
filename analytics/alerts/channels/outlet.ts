/** What every kind of channel offers: send one event, and say whether another try can help. */
import type { StreamEvent } from '#models/schema/alert.ts';

export type Letter = { event: StreamEvent; json: string };

/** Sending throws FaultError `channel-unreachable` (again later), `channel-refused` or `channel-inner` (never). */
export type Outlet = AsyncDisposable & {
  send: (letter: Letter, options: { signal: AbortSignal }) => Promise<void>;
  /** So many were held back in the minute that ended. */
  sendHeld: (held: HeldNotice, options: { signal: AbortSignal }) => Promise<void>;
};

export type HeldNotice = { channel: string; held: number; fromMs: number; toMs: number };

export const HELD_TYPE = 'org.sharp-eyes.channel.held.v1';

/** As a CloudEvent, beside those of the stream. */
export function heldEvent(notice: HeldNotice): Record<string, unknown> & { id: string } {
  const { channel, held, fromMs, toMs } = notice;
  return {
    specversion: '1.0',
    id: `held-${channel}-${fromMs}`,
    source: '/sharp-eyes/alerts',
    type: HELD_TYPE,
    subject: channel,
    time: new Date(toMs).toISOString(),
    datacontenttype: 'application/json',
    data: { ...notice, text: `${held} more were held` },
  };
}
