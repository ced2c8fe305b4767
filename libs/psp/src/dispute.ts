import type { Money } from '@stuiver/money';

/** The payer's bank takes a payment back, or asks about it. */
export interface PspDispute {
  /** The PSP's own id of it. */
  readonly pspReference: string;
  /** The PSP's own id of the payment. */
  readonly payment: string;
  /** `inquiry`: no money moves yet. `closed`: an inquiry that ended so. The bank decides between `won` and `lost`. */
  readonly state: 'inquiry' | 'open' | 'won' | 'lost' | 'closed';
  readonly amount: Money;
  /** The PSP's word for why. */
  readonly reason: string;
  readonly openedAt: Date;
  /** Until when the PSP takes evidence; null: nothing can be said. */
  readonly evidenceDueAt: Date | null;
  /** What it took from our balance, its fee not counted; null: nothing. */
  readonly withdrawn: DisputedMoney | null;
  /** What of that it gave back. */
  readonly returned: DisputedMoney | null;
}

export interface DisputedMoney {
  readonly amount: Money;
  readonly at: Date;
}
