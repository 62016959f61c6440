/** Why a device does not let somebody in, as far as its answer tells: the verdicts that a person can act on. */
import { type FaultCode, FaultError } from '#models/schema/fault.ts';
import { type Challenge, readChallenges } from './sign.ts';
import type { SoapFault } from './soap.ts';
import type { HttpAnswer } from './transport.ts';

export type Refusal = {
  status: number;
  challenges: readonly Challenge[];
  codes: readonly string[];
  /** In the device's own words; empty where it says nothing. */
  said: string;
};

const CODES =
  /^(NotAuthorized|FailedAuthentication|FailedCheck|InvalidSecurity(Token)?|InvalidCredential|OperationProhibited|MessageExpired)$/i;
const WORDS =
  /not\s+authori[sz]ed|unauthori[sz]ed|authenticat|wrong (user|password)|permission|privilege|access denied/i;
const LOCK_WORDS = /\block(ed|out|ed out)?\b|\blockout\b|too many|try again later|锁定|被锁/i;
const CLOCK_WORDS = /timestamp|expired|clock|created|\btime\b|freshness|时间/i;
const RIGHT_WORDS = /permission|privilege|prohibited|not allowed|权限/i;

export function isRefusal({ codes, message, status }: SoapFault): boolean {
  return status === 401 || codes.some((code) => CODES.test(code)) || WORDS.test(message);
}

export function refusalOf({ status, challenges }: HttpAnswer, fault?: SoapFault): Refusal {
  const said = fault === undefined || fault.codes.length === 0 ? '' : fault.message;
  return { status, challenges: readChallenges(challenges), codes: fault?.codes ?? [], said };
}

/** Of a login that failed. A device that says nothing of locks looks like one with another password. */
export function verdictOf({ status, codes, said }: Refusal): FaultCode {
  const words = `${codes.join(' ')} ${said}`;
  if (status === 423 || status === 429 || LOCK_WORDS.test(words)) return 'camera-locked';
  if (status === 403 || RIGHT_WORDS.test(words)) return 'camera-forbidden';
  return CLOCK_WORDS.test(words) ? 'camera-clock' : 'camera-unauthorised';
}

const SENTENCES: Partial<Record<FaultCode, string>> = {
  'camera-locked': 'it has locked this user out',
  'camera-forbidden': 'this user may not do that',
  'camera-clock': 'it refuses the time of the signature',
  'camera-unauthorised': 'it refuses the user or the password',
};

/** `more`: what we know beside the device's words. */
export function refusalFault(code: FaultCode, host: string, refusal: Refusal, more = ''): FaultError {
  const said = refusal.said === '' ? `HTTP ${refusal.status}` : `"${refusal.said.slice(0, 200)}"`;
  return new FaultError(code, `${host}: ${SENTENCES[code] ?? 'it refuses the login'} (${said})${more}`);
}
