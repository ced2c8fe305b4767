import type { Money } from '@stuiver/money';
import type { AttemptState } from './attempt-states.js';
import type { PayMethod } from './order.js';

/** One sheet, one source of funds, one idempotency key: its id. */
export interface Attempt {
  readonly id: string;
  readonly orderId: string;
  readonly prepayId: string;
  readonly userId: string;
  readonly state: AttemptState;
  readonly method: PayMethod | null;
  /** What the merchant pays for this payment; fixed when the payer confirms. */
  readonly fee: Money | null;
  /** The VAT within the fee; null as long as the fee is. */
  readonly feeVat: Money | null;
  /** The version of the price list that priced it; null: the configured price, while no list was in force. */
  readonly priceVersionId: string | null;
  /** The merchant's connected account that the PSP brings it to; fixed at the confirm. Null: to the platform. */
  readonly pspAccount: string | null;
  /** The salted hash of what it says of its payer, fixed at the confirm; 64 hex digits. */
  readonly metadataSha256: string | null;
  /** Chance in the ledger's command, so that its hash gives nothing away; 32 hex digits. */
  readonly contentSalt: string | null;
  readonly pspReference: string | null;
  readonly redirectUrl: string | null;
  readonly returnUrl: string | null;
  /** Sandbox only: which test card pays. */
  readonly cardToken: string | null;
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly confirmedAt: Date | null;
  readonly endedAt: Date | null;
  readonly askAt: Date | null;
  readonly askedCount: number;
  /** Until when staff look at it at the latest, while it is `created`; null: nobody does. */
  readonly heldUntil: Date | null;
}

/** What an attempt says of its payer: the books get the hash, and what opens it stays here under the payer's key. */
export interface AttemptMetadata {
  /** 64 hex digits. */
  readonly sha256: string;
  /** 32 hex digits. */
  readonly contentSalt: string;
  readonly sealed: Uint8Array;
}
