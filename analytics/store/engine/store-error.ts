/** Errors as ClickHouse says them: a number, a name, one line of text, and the HTTP status that belongs to the name. */

/** The numbers of the errors that this layer raises itself. */
const CODES = {
  BAD_ARGUMENTS: 36,
  NOT_IMPLEMENTED: 48,
  SYNTAX_ERROR: 62,
  UNKNOWN_FORMAT: 73,
  UNKNOWN_SETTING: 115,
  READONLY: 164,
  TOO_MANY_SIMULTANEOUS_QUERIES: 202,
  ABORTED: 236,
  MEMORY_LIMIT_EXCEEDED: 241,
  NOT_ENOUGH_SPACE: 243,
  CANNOT_PARSE_INPUT_ASSERTION_FAILED: 27,
  SESSION_NOT_FOUND: 372,
  SESSION_IS_LOCKED: 373,
  QUERY_WAS_CANCELLED: 394,
  INVALID_SESSION_TIMEOUT: 374,
  QUERY_IS_TOO_LARGE: 461,
  AUTHENTICATION_FAILED: 516,
  REQUIRED_PASSWORD: 194,
} as const;
export type StoreErrorName = keyof typeof CODES;

const STATUS: Record<number, string[]> = {
  400: [
    'BAD_ARGUMENTS',
    'CANNOT_COMPILE_REGEXP',
    'CANNOT_PARSE_TEXT',
    'CANNOT_PARSE_ESCAPE_SEQUENCE',
    'CANNOT_PARSE_QUOTED_STRING',
    'CANNOT_PARSE_DATE',
    'CANNOT_PARSE_DATETIME',
    'CANNOT_PARSE_NUMBER',
    'CANNOT_PARSE_IPV4',
    'CANNOT_PARSE_IPV6',
    'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
    'CANNOT_PARSE_UUID',
    'DUPLICATE_COLUMN',
    'ILLEGAL_COLUMN',
    'THERE_IS_NO_COLUMN',
    'UNKNOWN_ELEMENT_IN_AST',
    'TOO_DEEP_AST',
    'TOO_BIG_AST',
    'SYNTAX_ERROR',
    'INCORRECT_DATA',
    'TYPE_MISMATCH',
    'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE',
  ],
  401: ['REQUIRED_PASSWORD'],
  403: ['AUTHENTICATION_FAILED', 'UNKNOWN_USER', 'WRONG_PASSWORD', 'SET_NON_GRANTED_ROLE'],
  404: [
    'UNKNOWN_TABLE',
    'UNKNOWN_FUNCTION',
    'UNKNOWN_IDENTIFIER',
    'UNKNOWN_TYPE',
    'UNKNOWN_STORAGE',
    'UNKNOWN_DATABASE',
    'UNKNOWN_SETTING',
    'UNKNOWN_AGGREGATE_FUNCTION',
    'UNKNOWN_FORMAT',
    'UNKNOWN_DATABASE_ENGINE',
    'UNKNOWN_TYPE_OF_QUERY',
    'SESSION_NOT_FOUND',
  ],
  408: ['TIMEOUT_EXCEEDED'],
  413: ['QUERY_IS_TOO_LARGE'],
  501: ['NOT_IMPLEMENTED'],
  503: ['ABORTED', 'TOO_MANY_SIMULTANEOUS_QUERIES', 'SOCKET_TIMEOUT', 'CANNOT_OPEN_FILE', 'CANNOT_SCHEDULE_TASK'],
};

const STATUS_OF = new Map(
  Object.entries(STATUS).flatMap(([status, names]) => names.map((name) => [name, Number(status)])),
);

/** `message` is the whole line that goes out: `Code: 60. DB::Exception: … (UNKNOWN_TABLE) (version 26.7.2.1)`. */
export class StoreError extends Error {
  readonly code: number;
  readonly status: number;

  constructor(message: string, options: { code: number; type: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StoreError';
    this.code = options.code;
    this.status = STATUS_OF.get(options.type) ?? 500;
  }
}

/** An error of this layer, in words. */
export function storeError(type: StoreErrorName, words: string, cause?: unknown): StoreError {
  const code = CODES[type];
  return new StoreError(`Code: ${code}. DB::Exception: ${words} (${type})`, { code, type, cause });
}

/** Any error as one of the store’s; the engine sometimes nests its own prefix, which is said once. */
export function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const raw = error instanceof Error ? error.message : String(error);
  const message = raw.replace(/^(?:Code: \d+\. DB::Exception: )+(Code: \d+\. DB::Exception: )/, '$1').trim();
  const code = Number(/^Code: (\d+)\./.exec(message)?.[1] ?? Number.NaN);
  if (Number.isNaN(code)) {
    return new StoreError(`Code: 1001. DB::Exception: ${message} (STD_EXCEPTION)`, {
      code: 1001,
      type: 'STD_EXCEPTION',
      cause: error,
    });
  }
  const names = [...message.matchAll(/\(([A-Z][A-Z0-9_]{3,})\)/g)];
  return new StoreError(message, { code, type: names.at(-1)?.[1] ?? '', cause: error });
}
