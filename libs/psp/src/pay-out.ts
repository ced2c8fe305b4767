import type { Money } from '@stuiver/money';

/** What Payout asks the PSP with a key that can only read balances and pay out. Amounts are signed where said so. */
export interface PspAccount {
  /**
   * One page of what changed the PSP's balance, oldest first, after the given one; empty when there is nothing newer.
   *
   * @param page.after  the id of the last one seen; null from the beginning.
   */
  transactions(page: {
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly PspTransaction[]>;
  /** Everything the PSP holds for us now, whether it may already be paid out or not. */
  balance(): Promise<{ readonly available: Money; readonly pending: Money }>;
  /** Sends balance to our bank account. @throws PspUnknownOutcome; Refusal PSP_REFUSED when it is a definite no. */
  payOut(request: {
    readonly reference: string;
    readonly amount: Money;
    readonly idempotencyKey: string;
  }): Promise<PspPayoutState>;
  findPayout(pspPayoutId: string): Promise<PspPayoutState | undefined>;
  /** @throws Refusal PSP_SIGNATURE_WRONG. */
  readWebhook(message: { readonly rawBody: Uint8Array; readonly signature: string }): {
    readonly pspEventId: string;
    /** Whether there may be new transactions or payout states to fetch. */
    readonly concernsBalance: boolean;
  };
}

/** One change of the PSP's balance. `net = amount − fee`, and the balance is the sum of all nets. */
export interface PspTransaction {
  readonly id: string;
  readonly kind:
    | 'payment'
    | 'refund'
    | 'refund-failure'
    | 'payout'
    | 'payout-failure'
    | 'fee'
    | 'transfer'
    | 'application-fee'
    | 'dispute'
    | 'other';
  /** Signed, before the PSP's fee. */
  readonly amount: Money;
  readonly fee: Money;
  readonly net: Money;
  /** The PSP's own id of the payment, refund or payout behind it. */
  readonly pspReference: string | null;
  /** Our attempt, refund or payout id, when the PSP knows it; of a dispute the PSP's own id, which we know it by. */
  readonly reference: string | null;
  /**
   * Our attempt id, where a payment to a connected account moves the platform's balance several times (charge, transfer,
   * application fee, and back); null where it moves it once.
   */
  readonly paymentReference: string | null;
  readonly createdAt: Date;
  /** From when it may be paid out. */
  readonly availableAt: Date;
}

export interface PspPayoutState {
  readonly id: string;
  readonly state: 'pending' | 'in_transit' | 'paid' | 'failed' | 'cancelled';
  readonly amount: Money;
  readonly arrivesOn: string;
  readonly failure: string | null;
}
