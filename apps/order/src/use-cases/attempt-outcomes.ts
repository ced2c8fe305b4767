import {
  LedgerUnavailable,
  type LedgerPort,
  type LedgerResult,
  paymentCommand,
} from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { commandIdOf } from '@stuiver/ids';
import type { Clock, CrashPoints } from '@stuiver/ports';
import type { PspPayment } from '@stuiver/psp';
import type { Attempt } from '../domain/attempt.js';
import type { Order } from '../domain/order.js';
import { paymentFact } from './money-facts.js';
import type { MoneyIn, PspAnswer, PspPayments } from './psp-payments.js';
import type { AttemptOutcome } from './record-attempt-outcome.js';

/**
 * Learns what became of a confirmed attempt, from whoever holds the money. Nothing here writes: every call may be
 * repeated for ever and says the same.
 */
export class AttemptOutcomes {
  constructor(
    private readonly ledger: Pick<LedgerPort, 'submit' | 'void'>,
    private readonly psp: PspPayments,
    private readonly tools: {
      clock: Clock;
      crash: CrashPoints;
      /** Our own page with the PSP's card fields. */
      cardPageOf: (attemptId: string) => string;
    },
  ) {}

  /** Carries on: submits the wallet's command again, or asks the PSP, which opens the payment if it never did. */
  async ask(order: Order, attempt: Attempt): Promise<AttemptOutcome> {
    if (attempt.method === 'wallet') return this.book(order, attempt);
    const answer = await this.psp.ask(moneyIn(order, attempt));
    if (attempt.pspReference === null) this.tools.crash.pass('ideal.psp-opened');
    return this.outcomeOf(attempt, answer);
  }

  /** Ends it if it can still be ended: voids the wallet's command, or closes the payment at the PSP. */
  async end(order: Order, attempt: Attempt): Promise<AttemptOutcome> {
    if (attempt.method === 'wallet') return this.voidCommand(order, attempt);
    return this.outcomeOf(attempt, await this.psp.end(moneyIn(order, attempt)));
  }

  private async book(order: Order, attempt: Attempt): Promise<AttemptOutcome> {
    const command = paymentCommand(paymentFact(order, attempt, confirmedAt(attempt)));
    const outcome = await askLedger(order, attempt, () => this.ledger.submit(command));
    this.tools.crash.pass('wallet.ledger-posted');
    return outcome;
  }

  private voidCommand(order: Order, attempt: Attempt): Promise<AttemptOutcome> {
    const id = commandIdOf('payment', attempt.id);
    return askLedger(order, attempt, () => this.ledger.void(id));
  }

  private outcomeOf({ id }: Attempt, answer: PspAnswer): AttemptOutcome {
    if (answer.kind === 'silence') return { kind: 'silence' };
    if (answer.kind === 'refused') return { kind: 'failed', failure: answer.reason };
    return this.outcomeOfPayment(id, answer.payment);
  }

  private outcomeOfPayment(id: string, payment: PspPayment): AttemptOutcome {
    const reference = payment.pspReference;
    switch (payment.state) {
      case 'succeeded': {
        const at = this.tools.clock.now();
        return { kind: 'succeeded', money: payment.amount, at, reference };
      }
      case 'failed':
        return { kind: 'failed', failure: payment.failure ?? 'the payment was refused' };
      case 'cancelled':
        return { kind: 'cancelled' };
      case 'open':
      case 'redirect':
      case 'processing':
      case 'authorised':
        // No order of ours sets money aside; should the PSP say so, it is not over.
        return { kind: 'redirected', reference, redirectUrl: this.wayOf(id, payment) };
    }
  }

  /** To the bank or the card's issuer, or to the PSP's own fields in our page. */
  private wayOf(attemptId: string, { redirectUrl, fieldsSecret }: PspPayment): string | null {
    return redirectUrl ?? (fieldsSecret === null ? null : this.tools.cardPageOf(attemptId));
  }
}

async function askLedger(
  order: Order,
  attempt: Attempt,
  question: () => Promise<LedgerResult>,
): Promise<AttemptOutcome> {
  try {
    const result = await question();
    if (result.outcome === 'posted') {
      const at = confirmedAt(attempt);
      return { kind: 'succeeded', money: order.amount, at, reference: null };
    }
    return result.code === 'VOIDED'
      ? { kind: 'cancelled' }
      : { kind: 'failed', failure: result.code };
  } catch (error) {
    if (error instanceof LedgerUnavailable) return { kind: 'silence' };
    throw error;
  }
}

function moneyIn(order: Order, attempt: Attempt): MoneyIn {
  const { id, method, returnUrl, cardToken, pspReference, askedCount } = attempt;
  invariant(method === 'ideal' || method === 'card', 'the PSP takes iDEAL and cards');
  invariant(returnUrl !== null, 'who goes to the bank has a way back');
  return {
    ...{ id, amount: order.amount, method, description: order.description, returnUrl },
    ...{ cardToken, pspReference, askedCount, since: confirmedAt(attempt) },
    destination: destinationOf(attempt),
  };
}

function destinationOf({ pspAccount, fee }: Attempt): MoneyIn['destination'] {
  if (pspAccount === null) return null;
  invariant(fee !== null, 'a confirmed attempt knows its fee');
  return { account: pspAccount, applicationFee: fee };
}

/** Fixed at the confirm and never changed, so every repeat of the command says the same. */
function confirmedAt(attempt: Attempt): Date {
  invariant(attempt.confirmedAt !== null, 'a confirmed attempt knows when');
  return attempt.confirmedAt;
}
