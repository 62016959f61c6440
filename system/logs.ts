/** Logs: one pino logger per process, JSON lines on standard output, `{ camera, … }, 'noun verbed'`. */
import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

export function createLogger(role: string, config: Pick<Config, 'logLevel'>): Logger {
  return pino({
    level: config.logLevel,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.password', 'password', '*.sealedPassword', '*.token', 'token'], censor: '…' },
  });
}
