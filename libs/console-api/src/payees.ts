/** `approved` waits for the end of its cool-off. */
export type PayeeChangeState =
  'asked' | 'approved' | 'in-use' | 'refused' | 'withdrawn' | 'expired';

/** Whether the bank says that the name fits the account: `RCVC` yes, `RVMC` nearly, `RVNA` not known. */
export type PayeeCheckAnswer = 'RCVC' | 'RVMC' | 'RVNA';

/** `GET /console/finance/payee-changes?before=&state=` (`state=open`: asked and approved). Persons are shown by name. */
export interface PayeeChangeSummary {
  readonly payeeChangeId: string;
  readonly merchantId: string;
  readonly state: PayeeChangeState;
  readonly ibanLast4: string;
  readonly askedBy: string;
  readonly askedAt: string;
  /** Over by then when nobody agreed. */
  readonly expiresAt: string;
  readonly approvedBy: string | null;
  /** From then on the merchant is paid there; null until it is approved. */
  readonly useFrom: string | null;
  readonly payeeCheck: PayeeCheckAnswer | null;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
}

export interface PayeeDetails {
  readonly name: string;
  readonly iban: string;
}

/**
 * `GET /console/finance/payee-changes/:id`. Acts on it: `POST …/payee-changes {mchid, name, iban}` asks,
 * `POST …/:id/approve {detailsSha256, payeeCheck}`, `POST …/:id/refuse {}`, `POST …/:id/withdraw {}`.
 */
export interface PayeeChangeDetail extends PayeeChangeSummary {
  /** Where the merchant is paid now; null: nowhere yet. */
  readonly present: PayeeDetails | null;
  readonly wanted: PayeeDetails;
  readonly detailsSha256: string;
  readonly mayApprove: boolean;
  readonly past: readonly {
    readonly ibanLast4: string;
    readonly since: string;
    readonly until: string;
  }[];
}

/**
 * `GET /console/merchants/:mchid/payee`. `POST …/payee/changes {name, iban}` asks for another account,
 * `POST …/payee/changes/:id/withdraw {}` takes it back; both answer this.
 */
export interface MerchantPayee {
  readonly payee: { readonly ibanLast4: string; readonly since: string } | null;
  /** The one that is open. */
  readonly change: PayeeChangeSummary | null;
}
