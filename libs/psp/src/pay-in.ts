import type { Money } from '@stuiver/money';
import type { PspCapabilities } from './capabilities.js';
import type { PspDispute } from './dispute.js';

/** What a payment service provider must do to bring money in and give it back, in our words. */
export interface PayIn {
  /**
   * False while nobody is asked, because too many calls got no answer. True again by itself, soon after the PSP is.
   */
  readonly isReachable: boolean;
  readonly capabilities: PspCapabilities;
  /**
   * Opens a payment. Safe to repeat with the same idempotencyKey.
   *
   * @throws PspUnknownOutcome when the answer is lost; Refusal PSP_REFUSED when it is a definite no.
   */
  openPayment(request: {
    /** Our attempt or top-up id, kept by the PSP with the payment. */
    readonly reference: string;
    readonly amount: Money;
    readonly method: 'ideal' | 'card';
    readonly description: string;
    readonly returnUrl: string;
    readonly idempotencyKey: string;
    /**
     * The PSP's own name of a payment method, such as `pm_card_visa` in the sandbox. Never a card number. A card payment
     * without one is opened for the PSP's own fields (`fieldsSecret`), in which the payer types the card.
     */
    readonly cardToken?: string;
    /** The card's bank sets the money aside (`authorised`) until it is captured or cancelled, or lapses after some days. */
    readonly capture?: 'manual';
    /** Whose money it is at the PSP: a merchant's connected account, less our fee. Null: the platform's own. */
    readonly destination: { readonly account: string; readonly applicationFee: Money } | null;
  }): Promise<PspPayment>;
  /** What the PSP knows now. Undefined: it never heard of it. */
  findPayment(
    by:
      | { readonly pspReference: string }
      | { readonly reference: string; readonly idempotencyKey?: string },
  ): Promise<PspPayment | undefined>;
  /**
   * Takes what was set aside, or less: the rest is let go. Safe to repeat with the same idempotencyKey.
   *
   * @returns it paid, with what was taken. @throws PspUnknownOutcome; Refusal PSP_REFUSED for more than was set aside, and
   *   for what is not set aside any more.
   */
  capturePayment(request: {
    readonly pspReference: string;
    readonly amount: Money;
    readonly idempotencyKey: string;
  }): Promise<PspPayment>;
  /** @returns the state it ended in, which may be `succeeded`. */
  cancelPayment(request: {
    readonly pspReference: string;
    readonly idempotencyKey: string;
  }): Promise<PspPayment>;
  refund(request: {
    readonly refundId: string;
    readonly pspReference: string;
    readonly amount: Money;
    readonly idempotencyKey: string;
    /** The connected account that the payment went to pays it, and not the platform. */
    readonly reverseTransfer: boolean;
    /** Our fee goes back to that account too, in the refund's share of the payment. */
    readonly returnFee: boolean;
  }): Promise<PspRefund>;
  /** @param by.pspReference  of the payment. */
  findRefund(by: {
    readonly refundId: string;
    readonly pspReference: string;
  }): Promise<PspRefund | undefined>;
  /** What the PSP knows of it now. Undefined: it never heard of it. */
  findDispute(pspReference: string): Promise<PspDispute | undefined>;
  /** The PSP's own ids of what was opened at that moment or later. */
  disputesSince(moment: Date): Promise<readonly string[]>;
  /** @throws Refusal PSP_SIGNATURE_WRONG also when it was signed over 300 s ago or over 60 s ahead. */
  readWebhook(message: { readonly rawBody: Uint8Array; readonly signature: string }): PspEvent;
}

export interface PspPayment {
  readonly pspReference: string;
  readonly reference: string;
  readonly state:
    'open' | 'redirect' | 'processing' | 'authorised' | 'succeeded' | 'failed' | 'cancelled';
  readonly redirectUrl: string | null;
  readonly amount: Money;
  readonly method: 'ideal' | 'card';
  /** What the PSP's own card fields pay it with, in the payer's browser: never kept, never logged. Null: not by fields. */
  readonly fieldsSecret: string | null;
  readonly failure: string | null;
}

export interface PspRefund {
  readonly pspReference: string;
  readonly refundId: string;
  readonly state: 'pending' | 'succeeded' | 'failed' | 'cancelled';
  readonly amount: Money;
  readonly failure: string | null;
}

export interface PspEvent {
  readonly pspEventId: string;
  readonly type: 'payment' | 'refund' | 'dispute' | 'other';
  readonly occurredAt: Date;
  /** Of the payment, the refund or the dispute. */
  readonly pspReference: string;
  /** Our own reference, when the PSP sent it back. */
  readonly reference: string | null;
}

/** The answer was lost, late or "try again": it may or may not have happened. Ask again with the same key. */
export class PspUnknownOutcome extends Error {
  override readonly name = 'PspUnknownOutcome';
}
