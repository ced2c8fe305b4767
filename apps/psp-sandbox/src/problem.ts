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
