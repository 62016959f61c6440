/** Logs: one pino logger per process, JSON lines on standard output, `{ camera, … }, 'noun verbed'`. */
import { type Logger, type LoggerOptions, pino } from 'pino';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

// Whoever reads the log may be gone (a killed supervisor): that must not end, or hold up, the process that logs.
process.stdout.on('error', () => {});

/**
 * Writes through `process.stdout`, which is synchronous for files and pipes on Linux. Pino's own destination tries a
 * broken pipe again for ever when it flushes at the end, and the process never exits.
 */
export function createLogger(role: string, config: Pick<Config, 'logLevel'>): Logger {
  const options = {
    level: config.logLevel,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['*.password', 'password', '*.sealedPassword', '*.token', 'token'], censor: '…' },
  } satisfies LoggerOptions;
  return pino(options, process.stdout);
}
