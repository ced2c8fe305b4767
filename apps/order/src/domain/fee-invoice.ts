import { Money } from '@stuiver/money';
import type { PayMethod } from './order.js';
import { lineFor, type Prices, type Vat } from './price-list.js';

/** A month's payments that one version of the prices priced, by one method. */
export interface FeeGroup {
  readonly method: PayMethod;
  /** Null: the configured price, which is without VAT. */
  readonly prices: Prices | null;
  readonly count: bigint;
  /** What payers paid. */
  readonly paid: Money;
  /** VAT included. */
  readonly fee: Money;
  readonly vat: Money;
}

/** One line of an invoice: a method under one VAT treatment. `gross = net + tax`. */
export interface FeeInvoiceLine {
  readonly method: PayMethod;
  readonly vat: Vat;
  readonly count: bigint;
  readonly paid: Money;
  readonly net: Money;
  readonly tax: Money;
}

export interface FeeInvoice {
  readonly year: number;
  /** Counts up from 1 in each year, without a gap. */
  readonly no: number;
  /** Name, address and VAT number of the host; null: it was not configured. */
  readonly issuer: string | null;
  readonly mchid: string;
  readonly name: string;
  /** `2026-11`, of Amsterdam. */
  readonly month: string;
  readonly issuedAt: Date;
  readonly lines: readonly FeeInvoiceLine[];
  readonly net: Money;
  readonly tax: Money;
}

const WITHOUT_VAT: Vat = { reason: 'exempt', percent: '0' };
const NO_DIGITS = 6;

/** `2026-000017` */
export function invoiceNumber({ year, no }: Pick<FeeInvoice, 'year' | 'no'>): string {
  return `${String(year)}-${String(no).padStart(NO_DIGITS, '0')}`;
}

/**
 * The lines of an invoice, by method and VAT. Nothing is computed anew: they are sums of what was charged per payment, so
 * that the invoice is what left the merchant's account.
 */
export function invoiceLines(groups: readonly FeeGroup[]): readonly FeeInvoiceLine[] {
  const lines = new Map<string, FeeInvoiceLine>();
  for (const group of groups) {
    const { method, count, paid, fee, vat: tax } = group;
    const vat = group.prices === null ? WITHOUT_VAT : lineFor(group.prices, method).vat;
    const line = { method, vat, count, paid, net: fee.minus(tax), tax };
    const key = [method, vat.reason, vat.percent].join(' ');
    const before = lines.get(key);
    lines.set(key, before === undefined ? line : added(before, line));
  }
  return [...lines].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
}

export function sumOf(lines: readonly FeeInvoiceLine[]): Pick<FeeInvoice, 'net' | 'tax'> {
  const none = Money.zero('EUR');
  return {
    net: lines.reduce((sum, { net }) => sum.plus(net), none),
    tax: lines.reduce((sum, { tax }) => sum.plus(tax), none),
  };
}

function added(one: FeeInvoiceLine, other: FeeInvoiceLine): FeeInvoiceLine {
  return {
    ...{ method: one.method, vat: one.vat, count: one.count + other.count },
    paid: one.paid.plus(other.paid),
    net: one.net.plus(other.net),
    tax: one.tax.plus(other.tax),
  };
}
