import type {
  AuditAct,
  AuditBook,
  AuditRecord,
  BatchState,
  CounterCodeSummary,
  CounterPayment,
  HeldCode,
  ItemAge,
  ItemReason,
  LineProblem,
  MatchState,
  OpenItemKind,
  OrderDispute,
  OrderSummary,
  PayeeChangeState,
  PayoutState,
  SettlementSummary,
  TieOutRow,
} from '@stuiver/console-api';

/** A word for everything that the services name by a code. The compiler finds one that is missing. */
export interface CodeWords {
  readonly batch: Readonly<Record<BatchState, string>>;
  readonly payout: Readonly<Record<PayoutState, string>>;
  readonly payeeChange: Readonly<Record<PayeeChangeState, string>>;
  readonly settlement: Readonly<Record<SettlementSummary['state'], string>>;
  readonly order: Readonly<Record<OrderSummary['state'], string>>;
  /** A payment link's state. */
  readonly link: Readonly<Record<CounterCodeSummary['state'], string>>;
  /** Where a payment at the counter came in. */
  readonly counter: Readonly<Record<CounterPayment['kind'], string>>;
  readonly match: Readonly<Record<MatchState, string>>;
  readonly item: Readonly<Record<OpenItemKind, string>>;
  /** What an open item of this kind is, and what one does about it. */
  readonly itemHelp: Readonly<Record<OpenItemKind, string>>;
  /** What a person found to be the cause of an open item. */
  readonly itemReason: Readonly<Record<ItemReason, string>>;
  readonly itemAge: Readonly<Record<ItemAge, string>>;
  readonly held: Readonly<Record<HeldCode, string>>;
  readonly lineProblem: Readonly<Record<LineProblem, string>>;
  readonly tieOut: Readonly<Record<TieOutRow['name'], string>>;
  readonly attempt: Readonly<Record<string, string>>;
  readonly refund: Readonly<Record<string, string>>;
  readonly dispute: Readonly<Record<OrderDispute['state'], string>>;
  /** The PSP's word for why; one that is not here is shown as it is. */
  readonly disputeReason: Readonly<Record<string, string>>;
  readonly method: Readonly<Record<string, string>>;
  readonly event: Readonly<Record<string, string>>;
  readonly told: Readonly<Record<string, string>>;
  readonly purpose: Readonly<Record<string, string>>;
  /** By the rule's name, without its version. */
  readonly rule: Readonly<Record<string, string>>;
  /** ISO 20022 external reason codes. */
  readonly bankReason: Readonly<Record<string, string>>;
  /** What the bank says about the payee's name. */
  readonly payeeCheck: Readonly<Record<string, string>>;
  /** What was done, in the past tense. */
  readonly audit: Readonly<Record<AuditAct, string>>;
  readonly auditBook: Readonly<Record<AuditBook, string>>;
  readonly actor: Readonly<Record<AuditRecord['actorKind'], string>>;
  /** What it was done to. */
  readonly subject: Readonly<Record<string, string>>;
  /** A refusal's `facts.why`. */
  readonly why: Readonly<Record<string, string>>;
  /** A refusal's code, where no `why` says more. */
  readonly refusal: Readonly<Record<string, string>>;
}
