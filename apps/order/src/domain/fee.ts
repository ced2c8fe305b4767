import { Money, type Rate } from '@stuiver/money';

/** One flat price: a share of the amount plus a fixed part, per payment. */
export interface PriceList {
  readonly rate: Rate;
  readonly fixed: Money;
}

/**
 * What the merchant owes for one payment, in its currency: the rate's share rounded half-up to a whole minor unit,
 * plus the fixed part, and never more than the payment itself.
 */
export function feeOf(amount: Money, prices: PriceList): Money {
  const asked = prices.rate.of(amount).plus(prices.fixed);
  return amount.isLessThan(asked) ? Money.ofMinor(amount.minor, amount.currency) : asked;
}
