import { errorCode } from '@stuiver/errors';

/** What a handler did: kept under the idempotency key, a considered "no" included. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An error in Stripe's own envelope: `{"error": {type, code, message, param, …}}`. */
export class StripeProblem extends Error {
  override readonly name = 'StripeProblem';

  constructor(
    readonly status: number,
    readonly error: {
      readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
      readonly message: string;
      readonly code?: string;
      readonly param?: string;
      readonly decline_code?: string;
      readonly payment_intent?: unknown;
    },
  ) {
    super(error.message);
  }
}

export function invalid(
  message: string,
  facts: { code?: string; param?: string } = {},
): StripeProblem {
  return new StripeProblem(400, { type: 'invalid_request_error', message, ...facts });
}

export function noSuch(what: string, id: string): StripeProblem {
  return new StripeProblem(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param: 'id',
  });
}

/** A "no" that comes of doing the work: it is answered, and kept like any other answer. */
export function refused(problem: StripeProblem): Answer {
  return { status: problem.status, body: { error: problem.error } };
}

/** PostgreSQL's class of "this value cannot be stored": a NUL in a text, half a surrogate pair. */
const DATA_EXCEPTION = '22';
const LOCK_NOT_AVAILABLE = '55P03';

/** Words what a handler threw. Only what nobody foresaw is a 500, and that is told on stderr. */
export function asProblem(error: unknown): StripeProblem {
  if (error instanceof StripeProblem) return error;
  const code = errorCode(error) ?? '';
  if (code === LOCK_NOT_AVAILABLE) {
    const message =
      'This object cannot be accessed right now because another API request or Stripe process is currently accessing it.';
    return new StripeProblem(429, { type: 'invalid_request_error', code: 'lock_timeout', message });
  }
  if (code.length === 5 && code.startsWith(DATA_EXCEPTION)) {
    return invalid('A value has characters that cannot be kept.', { code: 'parameter_invalid' });
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status < 500) return invalid(error instanceof Error ? error.message : 'Invalid request');
  tell(error);
  return new StripeProblem(500, { type: 'api_error', message: 'The sandbox failed.' });
}

/** What went wrong in the sandbox itself goes to whoever started it. */
export function tell(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`psp-sandbox: ${text}\n`);
}
