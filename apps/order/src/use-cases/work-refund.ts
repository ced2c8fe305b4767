import { type LedgerPort, LedgerUnavailable, refundSuccessCommand } from '@stuiver/contracts';
import { invariant, Refusal } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { type PayIn, type PspRefund, PspUnknownOutcome } from '@stuiver/psp';
import type { Refund } from '../domain/order.js';
import type { AcceptRefund } from './accept-refund.js';
import { refundSucceededFact } from './money-facts.js';
import type { OrderStore } from './ports.js';
import type { RecordRefundOutcome, RefundOutcome } from './record-refund-outcome.js';

/**
 * Brings a recorded refund one step further: through the ledger's acceptance to the payer's bank or wallet, and asks
 * until it is there. Safe to repeat: the PSP gets the refund's own id as idempotency key.
 */
export class WorkRefund {
  constructor(
    private readonly orders: Pick<OrderStore, 'run' | 'refund'>,
    private readonly steps: { accept: AcceptRefund; record: RecordRefundOutcome },
    private readonly money: {
      ledger: Pick<LedgerPort, 'submit'>;
      psp: Pick<PayIn, 'refund' | 'findRefund'>;
    },
    private readonly tools: { clock: Clock; crash: CrashPoints },
  ) {}

  /** @throws LedgerUnavailable while a requested refund cannot be accepted: it is due again later. */
  async run(refundId: string): Promise<Refund> {
    const refund = await this.steps.accept.run(refundId);
    if (refund.state !== 'processing') return refund;
    const sent = await this.markSent(refund);
    const outcome = await this.send(sent.refund, sent.at);
    const recorded = await this.steps.record.run(sent.refund, outcome);
    if (recorded.state === 'success') this.tools.crash.pass('refund.success-recorded');
    return recorded;
  }

  /** Asks the PSP about a refund that was sent, whatever we believe about it. */
  async ask(refund: Refund): Promise<Refund> {
    if (refund.method === 'wallet' || refund.sentAt === null) return refund;
    return this.steps.record.run(refund, await this.askPsp(refund));
  }

  private async markSent(refund: Refund): Promise<{ refund: Refund; at: Date }> {
    if (refund.sentAt !== null) return { refund, at: refund.sentAt };
    return this.orders.run(async (writes) => {
      await writes.lockOrder({ id: refund.orderId });
      const fresh = await writes.refund(refund.id);
      invariant(fresh !== undefined, 'refunds are never deleted');
      const at = fresh.sentAt ?? this.tools.clock.now();
      const sent = { ...fresh, sentAt: at };
      if (fresh.sentAt === null) await writes.saveRefund(sent);
      return { refund: sent, at };
    });
  }

  private async send(refund: Refund, at: Date): Promise<RefundOutcome> {
    return refund.method === 'wallet' ? this.creditWallet(refund, at) : this.sendToPsp(refund);
  }

  private async creditWallet(refund: Refund, at: Date): Promise<RefundOutcome> {
    try {
      const command = refundSuccessCommand(refundSucceededFact(refund, at));
      const result = await this.money.ledger.submit(command);
      invariant(result.outcome === 'posted', 'a fact is never refused');
      return { kind: 'succeeded', at, reference: null };
    } catch (error) {
      if (error instanceof LedgerUnavailable) return { kind: 'pending', reference: null };
      throw error;
    }
  }

  /** From the second time on it is asked first: a key is forgotten after a day, a refund is not. */
  private async sendToPsp(refund: Refund): Promise<RefundOutcome> {
    if (refund.workedCount > 0) {
      const found = await this.askPsp(refund);
      if (found.reference !== null) return found;
    }
    const outcome = await this.outcomeOf(() =>
      this.money.psp.refund({
        refundId: refund.id,
        pspReference: referenceOf(refund),
        amount: refund.amount,
        idempotencyKey: refund.id,
        reverseTransfer: refund.pspAccount !== null,
        returnFee: refund.feeBack.minor > 0n,
      }),
    );
    this.tools.crash.pass('refund.psp-called');
    return outcome;
  }

  private async askPsp(refund: Refund): Promise<RefundOutcome> {
    const by = { refundId: refund.id, pspReference: referenceOf(refund) };
    const found = await this.outcomeOf(() => this.money.psp.findRefund(by));
    // A refused question is no failed refund.
    const isRefused = found.kind === 'failed' && found.reference === null;
    return isRefused ? { kind: 'pending', reference: null } : found;
  }

  private async outcomeOf(question: () => Promise<PspRefund | undefined>): Promise<RefundOutcome> {
    try {
      const found = await question();
      if (found === undefined) return { kind: 'pending', reference: null };
      const reference = found.pspReference;
      if (found.state === 'pending') return { kind: 'pending', reference };
      if (found.state === 'succeeded') {
        return { kind: 'succeeded', at: this.tools.clock.now(), reference };
      }
      return { kind: 'failed', failure: found.failure ?? found.state, reference };
    } catch (error) {
      if (error instanceof PspUnknownOutcome) return { kind: 'pending', reference: null };
      if (error instanceof Refusal && error.code === 'PSP_REFUSED') {
        return { kind: 'failed', failure: error.facts['reason'] ?? 'refused', reference: null };
      }
      throw error;
    }
  }
}

function referenceOf(refund: Refund): string {
  invariant(refund.paymentReference !== null, 'a PSP payment that is given back has a reference');
  return refund.paymentReference;
}
