import { Refusal } from '@stuiver/errors';
import { Money, Rate } from '@stuiver/money';
import type { PayMethod } from './order.js';

/**
 * Why VAT is or is not charged on a fee. `exempt`: a payment service (art. 11(1)(i) and (j) Wet OB, art. 135(1)(d) of the
 * VAT directive). `reverse-charge`: the merchant, established elsewhere in the Union, accounts for it.
 */
export type VatReason = 'standard' | 'exempt' | 'reverse-charge';

export interface Vat {
  readonly reason: VatReason;
  /** Decimal text, "21" is 21 %. "0" unless the reason is `standard`. */
  readonly percent: string;
}

/** What one method costs, without VAT. `default` is every method that has no line of its own. */
export interface PriceLine {
  readonly method: PayMethod | 'default';
  /** Hundredths of a percent of the payment, decimal text: "140" is 1.4 %. */
  readonly basisPoints: string;
  readonly fixedMinor: bigint;
  readonly minimumMinor: bigint;
  /** The most one payment costs; null: no such bound. */
  readonly capMinor: bigint | null;
  readonly vat: Vat;
}

/**
 * What of the fee a merchant gets back with a refund. `kept`: nothing, the payment was carried. `returned`: the refund's
 * share of it.
 */
export type FeeOnRefund = 'kept' | 'returned';

/** What is said in a price list. It holds from an instant until the next version of the same list. */
export interface Prices {
  readonly lines: readonly PriceLine[];
  readonly onRefund: FeeOnRefund;
}

/** A version that has begun. */
export interface PricesInForce extends Prices {
  readonly versionId: string;
}

/** What one payment costs its merchant. `total` is what leaves the merchant's account: VAT is in it. */
export interface Fee {
  readonly total: Money;
  readonly vat: Money;
}

const BASIS_POINTS_PER_PERCENT = 100;

/** The line that prices a method. A list has a default line, so there is one. */
export function lineFor(prices: Prices, method: PayMethod): PriceLine {
  const own = prices.lines.find((line) => line.method === method);
  const line = own ?? prices.lines.find(({ method: of }) => of === 'default');
  if (line === undefined) throw new RangeError('a price list has a default line');
  return line;
}

/**
 * The fee of one payment by one line. Each step is in whole minor units, half-up: the rate's share; plus the fixed part; at
 * least the minimum, at most the cap; then the VAT on that. Fee and VAT are never more than the payment: what is asked
 * too much is left out, and the VAT in the rest is its share of it.
 */
export function feeByLine(amount: Money, line: PriceLine): Fee {
  const { currency } = amount;
  const share = Rate.ofBasisPoints(line.basisPoints).of(amount).minor + line.fixedMinor;
  const raised = share < line.minimumMinor ? line.minimumMinor : share;
  const net = line.capMinor !== null && raised > line.capMinor ? line.capMinor : raised;
  const percent = vatRateOf(line.vat);
  const vat = percent.of(Money.ofMinor(net, currency));
  const total = Money.ofMinor(net, currency).plus(vat);
  if (!amount.isLessThan(total)) return { total, vat };
  return { total: amount, vat: proportion(vat, amount, total) };
}

/**
 * What goes back of a fee when so much of a payment has gone back in all, refunds before this one included; half-up. The
 * whole fee with the whole payment, so that refunds in parts give back what one refund would.
 */
export function returnedFee(fee: Money, paid: Money, refunded: Money): Money {
  return proportion(fee, refunded, paid);
}

/** `part × over ÷ under`, half-up; all at least zero. */
function proportion(part: Money, over: Money, under: Money): Money {
  const minor = (2n * part.minor * over.minor + under.minor) / (2n * under.minor);
  return Money.ofMinor(minor, part.currency);
}

function vatRateOf({ percent }: Vat): Rate {
  const [whole = '0', part = ''] = percent.split('.');
  const digits = part.padEnd(2, '0');
  return Rate.ofBasisPoints(
    (BigInt(whole) * BigInt(BASIS_POINTS_PER_PERCENT) + BigInt(digits)).toString(),
  );
}

/** @throws Refusal PARAM_ERROR naming the field of what contradicts itself. */
export function checkPrices(prices: Prices): void {
  const methods = prices.lines.map(({ method }) => method);
  methods.forEach((method, index) => {
    if (methods.indexOf(method) === index) return;
    throw badField(`lines[${String(index)}].method`, 'must have one line per method');
  });
  if (!methods.includes('default'))
    throw badField('lines', 'must have a line for the method default');
  prices.lines.forEach((line, index) => {
    checkLine(line, `lines[${String(index)}]`);
  });
  if (prices.onRefund === 'returned') {
    const rule = 'must be kept: the books have no entry yet that gives a fee back';
    throw badField('onRefund', rule);
  }
}

function checkLine({ minimumMinor, capMinor, vat }: PriceLine, at: string): void {
  if (capMinor !== null && capMinor < minimumMinor) {
    throw badField(`${at}.capMinor`, 'must be at least the minimum');
  }
  const isZero = /^0(\.0+)?$/.test(vat.percent);
  if (vat.reason === 'standard' && isZero) {
    throw badField(`${at}.vat.percent`, 'must be above 0 where VAT is charged');
  }
  if (vat.reason !== 'standard' && !isZero) {
    throw badField(`${at}.vat.percent`, `must be 0 where VAT is not charged (${vat.reason})`);
  }
}

function badField(field: string, rule: string): Refusal {
  return new Refusal('PARAM_ERROR', { field, rule, location: 'body' });
}

/** One price for every method, without VAT: what holds before there is a list. */
export function flatPrice(fee: { basisPoints: string; fixedMinor: bigint }): Prices {
  const vat = { reason: 'exempt', percent: '0' } as const;
  const line = { method: 'default', minimumMinor: 0n, capMinor: null, vat, ...fee } as const;
  return { lines: [line], onRefund: 'kept' };
}
