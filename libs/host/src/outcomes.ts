import { CheckoutProblem } from './checkout-api.js';

/** What `wx.requestPayment` gives to the page: WeChat's words, and numbers where something went wrong. */
export interface Outcome {
  readonly errMsg: string;
  readonly errCode?: number;
}

const PENDING = 700_600;
const CANCELLED = 700_601;
const NETWORK = 700_602;
const FAILED = 700_000;

const CODES: Readonly<Record<string, number>> = {
  'requestPayment:fail cancel': CANCELLED,
  'requestPayment:fail pending': PENDING,
  'requestPayment:fail network error': NETWORK,
};

export const PAYMENT = {
  ok: { errMsg: 'requestPayment:ok' },
  pending: { errMsg: 'requestPayment:fail pending', errCode: PENDING },
  network: { errMsg: 'requestPayment:fail network error', errCode: NETWORK },
  anotherOpen: { errMsg: 'requestPayment:fail another payment is in progress', errCode: FAILED },
  hidden: { errMsg: 'requestPayment:fail the mini-program is in the background', errCode: FAILED },
  expired: { errMsg: 'requestPayment:fail the order is expired', errCode: FAILED },
} as const satisfies Record<string, Outcome>;

/** An `errMsg` with its number. */
export function outcomeOf(errMsg: string): Outcome {
  if (errMsg === PAYMENT.ok.errMsg) return PAYMENT.ok;
  return { errMsg, errCode: CODES[errMsg] ?? FAILED };
}

/** Shops look for the word "cancel": only the one message that means it may hold it. */
export function withoutCancel(text: string): string {
  return text.replaceAll(/cancell?(?:ed|ation|ing)?/gi, 'stopped');
}

/** What `requestPayment` says when the server refused, or could not be reached, before anything began. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof CheckoutProblem)) return PAYMENT.network.errMsg;
  const said = error.facts['err_msg'];
  return said ?? `requestPayment:fail ${withoutCancel(error.message)}`;
}
