import type { PspDispute } from './dispute.js';
import type { PayIn, PspPayment, PspRefund } from './pay-in.js';

/** A PSP together with what a test needs to do behind its back. */
export interface PayInWorld {
  readonly psp: PayIn;
  /** The payer's bank answers a payment that waits in `redirect`. */
  decide(payment: PspPayment, outcome: 'authorise' | 'fail'): Promise<void>;
  /** A payment of this request by card, which the payer's bank takes back, or only asks about. */
  disputed(
    request: Parameters<PayIn['openPayment']>[0],
    what: 'inquiry' | 'chargeback',
  ): Promise<{ readonly payment: PspPayment; readonly dispute: string }>;
  /** The payer's bank decides a dispute. */
  decideDispute(pspReference: string, outcome: 'won' | 'lost'): Promise<void>;
  /** The next call does its work; its answer never arrives. */
  loseNextAnswer(): Promise<void>;
  /** The PSP's own signed message about this payment, refund or dispute. */
  messageAbout(
    thing: PspPayment | PspRefund | PspDispute,
  ): Promise<{ readonly rawBody: Uint8Array; readonly signature: string }>;
}

export interface PayInFact {
  readonly name: string;
  readonly prove: (world: PayInWorld) => Promise<void>;
}
