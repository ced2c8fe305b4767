import type { Money } from '@stuiver/money';

/** Where an order of the counter came from. */
export type CounterKind = 'till' | CounterCodeKind;
/** `static`: a printed QR code, good until it is switched off. `link`: good for a number of payments and some time. */
export type CounterCodeKind = 'static' | 'link';

/** What the payer owes: said by the merchant, or typed by the payer between two amounts, both included. */
export type CounterPrice =
  | { readonly fixed: Money; readonly min: null; readonly max: null }
  | { readonly fixed: null; readonly min: Money; readonly max: Money };

/** What payers open at the counter: an order is made at that moment. */
export interface CounterCode {
  /** `ctr_…` */
  readonly id: string;
  readonly mchid: string;
  readonly kind: CounterCodeKind;
  /** What the address says, `/q/{code}`. */
  readonly code: string;
  readonly description: string;
  readonly price: CounterPrice;
  /** How many payments a link is good for; null for printed codes. */
  readonly paymentsMax: number | null;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  /** Staff id. */
  readonly createdBy: string;
  readonly withdrawnAt: Date | null;
}

export const COUNTER_CODE_STATES = ['open', 'paid', 'expired', 'withdrawn'] as const;
export type CounterCodeState = (typeof COUNTER_CODE_STATES)[number];

/** @param paid  payments that came in through it. */
export function counterCodeState(
  code: Pick<CounterCode, 'paymentsMax' | 'expiresAt' | 'withdrawnAt'>,
  paid: number,
  now: Date,
): CounterCodeState {
  if (code.paymentsMax !== null && paid >= code.paymentsMax) return 'paid';
  if (code.withdrawnAt !== null) return 'withdrawn';
  return code.expiresAt !== null && code.expiresAt <= now ? 'expired' : 'open';
}

/** What an order through the code is about; null when the payer's amount is not one that the merchant allows. */
export function amountOf(price: CounterPrice, typedMinor: bigint | null): bigint | null {
  if (price.fixed !== null) {
    return typedMinor === null || typedMinor === price.fixed.minor ? price.fixed.minor : null;
  }
  if (typedMinor === null) return null;
  return typedMinor >= price.min.minor && typedMinor <= price.max.minor ? typedMinor : null;
}
