import { invariant } from '@stuiver/errors';
import type { CrashPoints } from '@stuiver/ports';
import type { PspEvent } from '@stuiver/psp';
import type { Attempt } from '../domain/attempt.js';
import type { AttemptOutcomes } from './attempt-outcomes.js';
import type { OrderStore } from './ports.js';
import type { RecordDispute } from './record-dispute.js';
import type { RecordAttemptOutcome } from './record-attempt-outcome.js';
import type { TopUpWallet } from './top-up.js';
import type { WorkRefund } from './work-refund.js';

/** `nobody`: nothing of ours has this reference (yet). `later`: the PSP does not answer. */
export type PspResult = 'done' | 'later' | 'nobody';

/**
 * Takes what the PSP told as a hint only: messages come twice, late and in any order, so it asks the PSP how the
 * payment, refund or dispute stands now, and records that.
 */
export class RecordPspResult {
  constructor(
    private readonly orders: OrderStore,
    private readonly money: {
      outcomes: AttemptOutcomes;
      topUps: TopUpWallet;
      refunds: WorkRefund;
      disputes: RecordDispute;
    },
    private readonly record: RecordAttemptOutcome,
    private readonly crash: CrashPoints,
  ) {}

  async run(event: PspEvent): Promise<PspResult> {
    if (event.type === 'payment') return this.recordPayment(event);
    if (event.type === 'dispute') return this.money.disputes.run(event.pspReference);
    return event.type === 'refund' ? this.recordRefund(event) : 'done';
  }

  private async recordPayment(event: PspEvent): Promise<PspResult> {
    const attempt = await this.attemptOf(event);
    if (attempt !== undefined) return this.recordAttempt(attempt);
    const topUp =
      (await this.orders.topUpByReference(event.pspReference)) ??
      (event.reference === null ? undefined : await this.orders.topUp(event.reference));
    if (topUp === undefined) return 'nobody';
    if (topUp.state === 'succeeded') return 'done';
    const asked = await this.money.topUps.ask({ ...topUp, pspReference: event.pspReference });
    return asked.state === 'unknown' ? 'later' : 'done';
  }

  private async attemptOf(event: PspEvent): Promise<Attempt | undefined> {
    const known = await this.orders.attemptByReference(event.pspReference);
    if (known !== undefined || event.reference === null) return known;
    // We died before we wrote down what the PSP called it.
    const attempt = await this.orders.attempt(event.reference);
    return attempt && { ...attempt, pspReference: event.pspReference };
  }

  private async recordAttempt(attempt: Attempt): Promise<PspResult> {
    if (attempt.state === 'succeeded' || attempt.state === 'refundDue') return 'done';
    const order = await this.orders.order({ id: attempt.orderId });
    invariant(order !== undefined, 'an attempt has an order');
    const outcome = await this.money.outcomes.ask(order, attempt);
    await this.record.run(attempt.id, outcome);
    if (outcome.kind === 'silence') return 'later';
    this.crash.pass('ideal.result-recorded');
    return 'done';
  }

  private async recordRefund(event: PspEvent): Promise<PspResult> {
    const refund =
      (await this.orders.refundByReference(event.pspReference)) ??
      (event.reference === null ? undefined : await this.orders.refund(event.reference));
    if (refund === undefined) return 'nobody';
    await this.money.refunds.ask(refund);
    return 'done';
  }
}
