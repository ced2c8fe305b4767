/**
 * `GET /console/merchants/:mchid/fee-invoices`, newest first. The papers:
 * `GET /console/merchants/:mchid/fee-invoices/:number/csv` and `…/pdf?lang=nl|en`.
 */
export interface FeeInvoice {
  /** `2026-000017` */
  readonly number: string;
  readonly mchid: string;
  /** As the merchant was called. */
  readonly name: string;
  /** `2026-11`, of Amsterdam. */
  readonly month: string;
  readonly issuedAt: string;
  readonly netMinor: string;
  readonly vatMinor: string;
  readonly totalMinor: string;
}

/** `GET /console/fee-invoices`, newest first. */
export interface FeeInvoices {
  readonly invoices: readonly FeeInvoice[];
}

/** `POST /console/fee-invoices {month}`: makes those that are missing for a month that is over. */
export interface FeeInvoicesIssued {
  readonly made: readonly FeeInvoice[];
  /** Merchants with a payment whose end is not known yet: ask again later. */
  readonly waiting: readonly string[];
}
