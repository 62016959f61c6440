/** What ClickHouse or the way to it says, as one of our faults. */
import { ClickHouseError } from '@clickhouse/client';
import { type FaultCode, FaultError } from '#models/schema/fault.ts';

const TOO_LONG = ['159', '160', '209'];
const TOO_MANY = ['202'];
const STOPS = ['236'];
const SIGN_IN = ['192', '193', '194', '516'];
const NOT_MADE_YET = ['60', '81'];

/** `isOurs`: the statement is our own, so that its refusal is our fault and not the asker's. */
export function storeFault(error: unknown, { isOurs }: { isOurs: boolean }): FaultError {
  if (error instanceof FaultError) return error;
  const { message } = error as Error;
  if (!(error instanceof ClickHouseError)) {
    const isLate = /timeout/i.test(message);
    const said = isLate
      ? 'ClickHouse did not answer in time'
      : `ClickHouse does not answer: ${message || 'it refused without a word'}`;
    return new FaultError(isLate ? 'query-too-long' : 'store-unreachable', said, { cause: error });
  }
  const said = message.split('\n')[0] ?? message;
  const fault = (code: FaultCode, text: string) => new FaultError(code, text, { cause: error });
  if (TOO_LONG.includes(error.code)) return fault('query-too-long', said);
  if (TOO_MANY.includes(error.code)) return fault(isOurs ? 'too-many-queries' : 'too-many-streams', said);
  if (STOPS.includes(error.code)) return fault('store-unreachable', said);
  if (SIGN_IN.includes(error.code)) return fault('store-unreachable', `ClickHouse does not let the API in: ${said}`);
  if (!isOurs) return fault('query-failed', said);
  if (NOT_MADE_YET.includes(error.code)) {
    return new FaultError('store-unreachable', 'the store has no tables yet', {
      cause: error,
      cure: 'Analytics makes them when it starts; see that it runs.',
    });
  }
  return fault('internal', `a figure could not be read: ${said}`);
}
