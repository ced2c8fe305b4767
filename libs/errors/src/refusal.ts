/**
 * Every refusal the outside can see: one code, one HTTP status, one place. Never renumber, never reuse.
 * The codes in the first block are WeChat Pay v3's own words and appear on that wire unchanged.
 */
// prettier-ignore
export const ERROR_CATALOGUE = {
  PARAM_ERROR:            { status: 400, retry: 'never' },
  INVALID_REQUEST:        { status: 400, retry: 'never' },
  APPID_MCHID_NOT_MATCH:  { status: 400, retry: 'never' },
  MCH_NOT_EXISTS:         { status: 400, retry: 'never' },
  ORDER_CLOSED:           { status: 400, retry: 'never' },
  ORDER_PAID:             { status: 400, retry: 'never' },
  SIGN_ERROR:             { status: 401, retry: 'never' },
  NO_AUTH:                { status: 403, retry: 'never' },
  OUT_TRADE_NO_USED:      { status: 403, retry: 'never' },
  NOT_ENOUGH:             { status: 403, retry: 'later' },
  RULE_LIMIT:             { status: 403, retry: 'later' },
  ORDER_NOT_EXIST:        { status: 404, retry: 'never' },
  RESOURCE_NOT_EXISTS:    { status: 404, retry: 'never' },
  FREQUENCY_LIMITED:      { status: 429, retry: 'later' },
  SYSTEM_ERROR:           { status: 500, retry: 'later' },
  SERVICE_UNAVAILABLE:    { status: 503, retry: 'later' },

  NOT_SIGNED_IN:          { status: 401, retry: 'never' },
  ROLE_MISSING:           { status: 403, retry: 'never' },
  NOT_OUR_PAGE:           { status: 403, retry: 'never' },
  NOT_OFFERED:            { status: 403, retry: 'never' },
  NOT_FOUND:              { status: 404, retry: 'never' },
  PIN_WRONG:              { status: 403, retry: 'never' },
  PIN_LOCKED:             { status: 403, retry: 'later' },
  PIN_MISSING:            { status: 409, retry: 'never' },
  ORDER_ALREADY_PAID:     { status: 409, retry: 'never' },
  ORDER_IS_CLOSED:        { status: 409, retry: 'never' },
  ORDER_IS_EXPIRED:       { status: 409, retry: 'never' },
  ANOTHER_ATTEMPT_OPEN:   { status: 409, retry: 'later' },
  ATTEMPT_ENDED:          { status: 409, retry: 'never' },
  ATTEMPT_CONFIRMED:      { status: 409, retry: 'never' },
  PAY_SIGN_WRONG:         { status: 400, retry: 'never' },
  INSUFFICIENT_FUNDS:     { status: 409, retry: 'never' },
  COMMAND_CONFLICT:       { status: 409, retry: 'never' },
  PSP_REFUSED:            { status: 402, retry: 'never' },
  PSP_SIGNATURE_WRONG:    { status: 400, retry: 'never' },
  PSP_UNREACHABLE:        { status: 503, retry: 'later' },
  NOTHING_TO_SETTLE:      { status: 409, retry: 'later' },
  SAME_PERSON:            { status: 403, retry: 'never' },
  STATE_CONFLICT:         { status: 409, retry: 'never' },
  BODY_TOO_LARGE:         { status: 413, retry: 'never' },
} as const satisfies Record<string, { status: number; retry: 'never' | 'later' }>;

export type RefusalCode = keyof typeof ERROR_CATALOGUE;

/**
 * The request was understood and the answer is no. Carries facts; prose is written at the edge.
 *
 * @param facts  what a person needs to mend it: `field` (JSON path or parameter), `rule`, `value`, ids.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    readonly facts: Readonly<Record<string, string>> = {},
    options?: { cause: unknown },
  ) {
    super(`${code} ${JSON.stringify(facts)}`, options);
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }
}
