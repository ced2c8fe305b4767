import type { Refusal, RefusalCode } from '@stuiver/errors';

type Facts = Readonly<Record<string, string>>;

/** What each refusal says to a person. Field and rule, when the refusal has them, are put in front. */
// prettier-ignore
const PROSE: Readonly<Record<RefusalCode, string>> = {
  PARAM_ERROR: 'A parameter is wrong.',
  INVALID_REQUEST: 'The request does not fit the present state or earlier requests.',
  APPID_MCHID_NOT_MATCH: 'The appid does not belong to this mchid.',
  MCH_NOT_EXISTS: 'There is no such merchant.',
  ORDER_CLOSED: 'The order is closed.',
  ORDER_PAID: 'The order is paid.',
  SIGN_ERROR: 'The request is not signed as it must be.',
  NO_AUTH: 'This merchant may not do this.',
  OUT_TRADE_NO_USED: 'This out_trade_no was used with other parameters.',
  NOT_ENOUGH: 'The balance is too low for this refund.',
  RULE_LIMIT: 'A limit does not allow this.',
  ORDER_NOT_EXIST: 'There is no such order.',
  RESOURCE_NOT_EXISTS: 'There is no such resource.',
  FREQUENCY_LIMITED: 'Too many requests: try again later.',
  SYSTEM_ERROR: 'Something went wrong on our side: try again with the same parameters.',
  SERVICE_UNAVAILABLE: 'Not available at the moment: try again later.',
  NOT_SIGNED_IN: 'You are not signed in.',
  ROLE_MISSING: 'Your role does not allow this.',
  NOT_OUR_PAGE: 'This must come from our own page.',
  NOT_OFFERED: 'This is not offered here.',
  NOT_FOUND: 'There is nothing here.',
  PIN_WRONG: 'The PIN is wrong.',
  PIN_LOCKED: 'The PIN is locked for a while after too many wrong tries.',
  PIN_MISSING: 'This account has no PIN yet.',
  ORDER_ALREADY_PAID: 'The order is already paid.',
  ORDER_IS_CLOSED: 'The order is closed.',
  ORDER_IS_EXPIRED: 'The order is expired.',
  ANOTHER_ATTEMPT_OPEN: 'Another payment of this order is under way.',
  ATTEMPT_ENDED: 'This payment has ended.',
  ATTEMPT_CONFIRMED: 'This payment is already confirmed.',
  PAY_SIGN_WRONG: 'paySign does not fit the merchant\'s key and the given fields.',
  INSUFFICIENT_FUNDS: 'The wallet holds too little.',
  COMMAND_CONFLICT: 'This id was used with other content.',
  PSP_REFUSED: 'The payment was refused by the bank or the card issuer.',
  PSP_SIGNATURE_WRONG: 'The signature of the webhook is wrong.',
  PSP_UNREACHABLE: 'The payment provider does not answer: try again later.',
  NOTHING_TO_SETTLE: 'There is nothing to settle.',
  SAME_PERSON: 'This needs a second person.',
  STATE_CONFLICT: 'This does not fit the present state.',
  BODY_TOO_LARGE: 'The body is too large.',
};

/** One sentence for a person, naming field and rule where they are known. */
export function messageOf(refusal: Refusal): string {
  const { field, rule } = refusal.facts as Partial<Facts>;
  if (rule === undefined) return PROSE[refusal.code];
  const precise = field === undefined ? rule : `${field} ${rule}`;
  return refusal.code === 'PARAM_ERROR' ? `${precise}.` : `${PROSE[refusal.code]} (${precise})`;
}
