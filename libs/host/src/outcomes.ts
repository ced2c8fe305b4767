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
} as const satisfies Record<string, Outcome>;

/** An `errMsg` with its number. */
export function outcomeOf(errMsg: string): Outcome {
  if (errMsg === PAYMENT.ok.errMsg) return PAYMENT.ok;
  return { errMsg, errCode: CODES[errMsg] ?? FAILED };
}
