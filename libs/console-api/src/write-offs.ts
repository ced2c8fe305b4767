/** `own-funds`: the operator's, put in or taken out. */
export type WriteOffReason =
  'bank-fee' | 'interest' | 'tolerance' | 'bad-debt' | 'unidentified' | 'own-funds';

/**
 * `GET /console/finance/write-offs?before=`: a page of those that wait. Of one line, the last first:
 * `GET /console/finance/bank-lines/:id/write-offs` answers `{writeOffs}`.
 * `POST …/bank-lines/:id/write-off {reason, note}` asks; another person agrees with
 * `POST …/write-offs/:id/approve {detailsSha256}`, or `…/refuse {}`; `…/withdraw {}` takes it back.
 */
export interface WriteOff {
  readonly writeOffId: string;
  readonly bankLineId: string;
  readonly state: 'asked' | 'approved' | 'refused' | 'withdrawn';
  readonly reason: WriteOffReason;
  readonly note: string;
  /** Signed: positive came in. */
  readonly amountMinor: string;
  readonly detailsSha256: string;
  readonly askedBy: string;
  readonly askedAt: string;
  /** Who approved, refused or withdrew it. */
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly mayApprove: boolean;
}
