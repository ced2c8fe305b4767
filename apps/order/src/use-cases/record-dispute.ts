import { invariant } from '@stuiver/errors';
import type { Clock, CrashPoints, Log } from '@stuiver/ports';
import { type PayIn, type PspDispute, PspUnknownOutcome } from '@stuiver/psp';
import { type Dispute, type DisputedPayment, disputeAsTold } from '../domain/dispute.js';
import { disputeReturnedFact, disputeWithdrawnFact } from './money-facts.js';
import type { OrderStore, OrderWrites, Wake } from './ports.js';

/** `nobody`: nothing of ours was paid so. `later`: the PSP does not answer, or the payment is not recorded yet. */
type DisputeResult = 'done' | 'later' | 'nobody';

/** A dispute whose message never came is found by looking for what was opened since. */
const LOOK_BACK_MS = 3 * 86_400_000;

/**
 * Asks the PSP how a dispute stands and records it: what it took is booked on the merchant, and what came back too, each
 * once, whatever the order in which the PSP's messages arrive. Safe to repeat.
 */
export class RecordDispute {
  constructor(
    private readonly orders: Pick<
      OrderStore,
      'run' | 'attemptByReference' | 'topUpByReference' | 'order'
    >,
    private readonly psp: Pick<PayIn, 'findDispute' | 'disputesSince'>,
    private readonly tools: { clock: Clock; crash: CrashPoints; log: Log; wake: Wake },
  ) {}

  /** @param id  the PSP's own id of it. */
  async run(id: string): Promise<DisputeResult> {
    const told = await this.ask(id);
    if (told === 'later') return 'later';
    if (told === undefined) return 'nobody';
    const payment = await this.paymentOf(told);
    if (payment === 'later' || payment === 'nobody') return payment;
    await this.orders.run((writes) => this.record(writes, told, payment));
    this.tools.crash.pass('dispute.recorded');
    this.tools.wake.outbox();
    return 'done';
  }

  /** Looks for disputes that nobody told us of. @returns how many there were of the last days, known ones too. */
  async findRecent(): Promise<number> {
    const since = new Date(this.tools.clock.now().getTime() - LOOK_BACK_MS);
    const ids = await knownOr(() => this.psp.disputesSince(since), []);
    for (const id of ids) await this.run(id);
    return ids.length;
  }

  private ask(id: string): Promise<PspDispute | undefined | 'later'> {
    return knownOr(() => this.psp.findDispute(id), 'later' as const);
  }

  /** `later`: the payment itself is not recorded yet, and only what came can be taken. */
  private async paymentOf(told: PspDispute): Promise<DisputedPayment | 'later' | 'nobody'> {
    const attempt = await this.orders.attemptByReference(told.payment);
    if (attempt !== undefined) {
      const order = await this.orders.order({ id: attempt.orderId });
      invariant(order !== undefined, 'an attempt has an order');
      const of = { attemptId: attempt.id, topUpId: null, orderId: order.id };
      if (attempt.state === 'succeeded') return { ...of, mchid: order.mchid };
      // Money that came too late was never the merchant's.
      return attempt.state === 'refundDue' ? { ...of, mchid: null } : 'later';
    }
    const topUp = await this.orders.topUpByReference(told.payment);
    if (topUp === undefined) return 'nobody';
    if (topUp.state !== 'succeeded') return 'later';
    return { attemptId: null, topUpId: topUp.id, orderId: null, mchid: null };
  }

  private async record(
    writes: OrderWrites,
    told: PspDispute,
    payment: DisputedPayment,
  ): Promise<void> {
    if (payment.orderId !== null) await writes.lockOrder({ id: payment.orderId });
    if (payment.topUpId !== null) await writes.lockTopUp(payment.topUpId);
    const before = await writes.dispute(told.pspReference);
    const after = disputeAsTold(before, { told, payment, now: this.tools.clock.now() });
    await writes.saveDispute(after);
    await this.say(writes, before, after);
    if (before === undefined || before.state !== after.state) {
      this.tools.log.warn('a payment is disputed', { dispute_id: after.id, state: after.state });
    }
  }

  private async say(
    writes: OrderWrites,
    before: Dispute | undefined,
    after: Dispute,
  ): Promise<void> {
    const subject = after.orderId ?? after.topUpId ?? after.id;
    const withdrawn = newly('withdrawn', before, after);
    if (withdrawn !== null) {
      const data = disputeWithdrawnFact(after, withdrawn);
      await writes.say({ type: 'dispute.withdrawn.v1', subject, data });
    }
    const returned = newly('returned', before, after);
    if (returned !== null) {
      const data = disputeReturnedFact(after, returned);
      await writes.say({ type: 'dispute.returned.v1', subject, data });
    }
  }
}

/** What was not recorded before; null: nothing. */
function newly(
  what: 'withdrawn' | 'returned',
  before: Dispute | undefined,
  after: Dispute,
): Dispute['withdrawn'] {
  const isKnown = (before?.[what] ?? null) !== null;
  return isKnown ? null : after[what];
}

async function knownOr<Known, Unknown>(
  ask: () => Promise<Known>,
  unknown: Unknown,
): Promise<Known | Unknown> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PspUnknownOutcome) return unknown;
    throw error;
  }
}
