import { Refusal } from '@stuiver/errors';
import type { AuditWrites, Clock } from '@stuiver/ports';
import {
  type FeeGroup,
  type FeeInvoice,
  type FeeInvoiceLine,
  invoiceLines,
  invoiceNumber,
  sumOf,
} from '../../domain/fee-invoice.js';

export interface NewFeeInvoice {
  readonly issuer: string | null;
  readonly mchid: string;
  readonly month: string;
  readonly issuedAt: Date;
  readonly lines: readonly FeeInvoiceLine[];
  readonly net: FeeInvoice['net'];
  readonly tax: FeeInvoice['tax'];
}

export interface FeeInvoiceWrites extends AuditWrites {
  /** What the merchant's payments of a month cost; a second reader waits. */
  lockGroups(mchid: string, month: string): Promise<readonly FeeGroup[]>;
  find(mchid: string, month: string): Promise<FeeInvoice | undefined>;
  insert(invoice: NewFeeInvoice): Promise<FeeInvoice>;
}

export interface FeeInvoiceStore {
  /** One transaction. */
  run<T>(work: (writes: FeeInvoiceWrites) => Promise<T>): Promise<T>;
  /** Merchants with payments in the month and no invoice for it. */
  owing(month: string): Promise<readonly string[]>;
  /** Whether a payment confirmed in the month has no known end yet, so that it may still belong to it. */
  isUnknown(mchid: string, month: string): Promise<boolean>;
  /** The first moment after the month. */
  endOf(month: string): Promise<Date>;
}

/** What became of a month. */
export interface Issued {
  readonly made: readonly FeeInvoice[];
  /** Merchants with a payment of that month whose end is not known yet: make theirs later. */
  readonly waiting: readonly string[];
}

/** After this long, what was confirmed in a month is recorded. */
const AFTER_MONTH_MS = 3_600_000;

/** Makes the invoices of a month that is over, one per merchant with payments. Again: those that are missing. */
export class IssueFeeInvoices {
  constructor(
    private readonly store: FeeInvoiceStore,
    private readonly tools: { clock: Clock; issuer: string | null },
  ) {}

  /** @param month  `2026-11`. @throws Refusal PARAM_ERROR for a month that is not over */
  async run(month: string): Promise<Issued> {
    const end = await this.store.endOf(month);
    if (this.tools.clock.now().getTime() < end.getTime() + AFTER_MONTH_MS) {
      const rule = 'must be a month that has been over for an hour';
      throw new Refusal('PARAM_ERROR', {
        field: 'month',
        rule,
        value: month,
        why: 'month-not-over',
      });
    }
    const made: FeeInvoice[] = [];
    const waiting: string[] = [];
    for (const mchid of await this.store.owing(month)) {
      const isUnknown = await this.store.isUnknown(mchid, month);
      if (isUnknown) waiting.push(mchid);
      else made.push(await this.issue(mchid, month));
    }
    return { made, waiting };
  }

  private issue(mchid: string, month: string): Promise<FeeInvoice> {
    return this.store.run(async (writes) => {
      const lines = invoiceLines(await writes.lockGroups(mchid, month));
      const there = await writes.find(mchid, month);
      if (there !== undefined) return there;
      const { issuer, clock } = this.tools;
      const issuedAt = clock.now();
      const invoice = await writes.insert({
        issuer,
        mchid,
        month,
        issuedAt,
        lines,
        ...sumOf(lines),
      });
      await writes.audit({
        act: 'fee-invoice-issued',
        subject: { kind: 'fee-invoice', id: invoiceNumber(invoice) },
        after: {
          ...{ merchant: mchid, month },
          netMinor: invoice.net.minor.toString(),
          vatMinor: invoice.tax.minor.toString(),
        },
      });
      return invoice;
    });
  }
}
