/** What makes of cameras do differently from each other: one field for each habit, and what a decent camera does. */
import type { LockOut } from '#demo/login-guard.ts';
import type { Signature } from './sign-in.ts';

export type Habits = {
  signatures: readonly Signature[];
  /** Of HTTP digest. */
  algorithm: 'MD5' | 'SHA-256';
  /** Even the clock is told only to who has signed. */
  isClockLocked: boolean;
  /** The device's clock is this far ahead. */
  clockOffsetS: number;
  /** Addresses in answers name this host instead of the one that was asked. */
  innerHost?: string;
  mediaVersions: readonly (1 | 2)[];
  /** Longer answers are cut. */
  answerBytesMax?: number;
  /** HTTP status of a fault; by the standard 400 and 500. */
  faultStatus?: 200;
  /** PullMessages, Renew and Unsubscribe without WS-Addressing are refused. */
  needsAddressing: boolean;
  lockOut?: LockOut;
  reboot?: { everyS: number; takesS: number };
  /** Which WS-Discovery probes are answered. */
  probes: readonly ('transmitter' | 'device' | 'any')[];
  /** How scopes percent-encode what is not ASCII. */
  scopeCharset: 'utf-8' | 'gbk';
  subscriptionsMax: number;
};

export const DECENT: Habits = {
  signatures: ['wsse-digest', 'wsse-text', 'http-digest'],
  algorithm: 'MD5',
  isClockLocked: false,
  clockOffsetS: 0,
  mediaVersions: [1, 2],
  needsAddressing: false,
  probes: ['transmitter', 'device', 'any'],
  scopeCharset: 'utf-8',
  subscriptionsMax: 10,
};
