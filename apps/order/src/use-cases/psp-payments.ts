import { Refusal } from '@stuiver/errors';
import type { Money } from '@stuiver/money';
import type { Clock } from '@stuiver/ports';
import { type PayIn, type PspPayment, PspUnknownOutcome } from '@stuiver/psp';
import { failMessage } from '../domain/attempt-result.js';

/** What the PSP answered; silence means that it may or may not have happened. */
export type PspAnswer =
  | { readonly kind: 'known'; readonly payment: PspPayment }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'silence' };

/** Money that the PSP is to bring in: for an attempt or a top-up. */
export interface MoneyIn {
  /** Our own id: the PSP's idempotency key, and what it keeps with the payment. */
  readonly id: string;
  readonly amount: Money;
  readonly method: 'ideal' | 'card';
  readonly description: string;
  readonly returnUrl: string;
  readonly cardToken: string | null;
  readonly pspReference: string | null;
  readonly askedCount: number;
  readonly since: Date;
  /** The merchant's connected account and our fee; null when the platform itself takes it. */
  readonly destination: { readonly account: string; readonly applicationFee: Money } | null;
}

/** PSPs forget keys after a day. Until then opening again with the same key finds what it opened. */
const KEY_LIVES_MS = 23 * 3_600_000;

/** Asks the PSP about one payment of ours. Nothing here writes, and every call may be repeated. */
export class PspPayments {
  constructor(
    private readonly psp: Pick<
      PayIn,
      'isReachable' | 'openPayment' | 'findPayment' | 'cancelPayment'
    >,
    private readonly clock: Clock,
  ) {}

  /** Before anything is promised to a payer. @throws Refusal PSP_UNREACHABLE: nothing was begun, try again later. */
  needReachable(): void {
    if (this.psp.isReachable) return;
    throw new Refusal('PSP_UNREACHABLE', {
      err_msg: failMessage('the payment provider does not answer'),
    });
  }

  /** What became of it; it is opened if it never was. */
  ask(money: MoneyIn): Promise<PspAnswer> {
    const { pspReference } = money;
    if (pspReference === null) return this.openOrFind(money);
    return this.find({ pspReference });
  }

  /** Closes it if it can still be closed, and says how it ended. */
  async end(money: MoneyIn): Promise<PspAnswer> {
    const known = money.pspReference === null ? await this.openOrFind(money) : null;
    if (known !== null && known.kind !== 'known') return known;
    const pspReference = money.pspReference ?? known?.payment.pspReference;
    if (pspReference === undefined) return { kind: 'silence' };
    // A new key each time: a "not now" must not be replayed to us for a day.
    const idempotencyKey = `${money.id}:cancel:${String(money.askedCount)}`;
    const ended = await answerOf(() => this.psp.cancelPayment({ pspReference, idempotencyKey }));
    return ended.kind === 'refused' ? this.find({ pspReference }) : ended;
  }

  /** A refused question is no refused payment. */
  private async find(by: Parameters<PayIn['findPayment']>[0]): Promise<PspAnswer> {
    const found = await answerOf(() => this.psp.findPayment(by));
    return found.kind === 'refused' ? { kind: 'silence' } : found;
  }

  private openOrFind(money: MoneyIn): Promise<PspAnswer> {
    const { id, amount, method, description, returnUrl, cardToken, destination } = money;
    const ageMs = this.clock.now().getTime() - money.since.getTime();
    if (ageMs > KEY_LIVES_MS) return this.find({ reference: id });
    return answerOf(() =>
      this.psp.openPayment({
        ...{ reference: id, idempotencyKey: id, amount, method, description, returnUrl },
        destination,
        ...(cardToken === null ? {} : { cardToken }),
      }),
    );
  }
}

async function answerOf(question: () => Promise<PspPayment | undefined>): Promise<PspAnswer> {
  try {
    const payment = await question();
    // It never heard of it, now: that proves nothing about a request that may still be on its way.
    return payment === undefined ? { kind: 'silence' } : { kind: 'known', payment };
  } catch (error) {
    if (error instanceof PspUnknownOutcome) return { kind: 'silence' };
    if (error instanceof Refusal && error.code === 'PSP_REFUSED') {
      return { kind: 'refused', reason: error.facts['reason'] ?? 'the payment was refused' };
    }
    throw error;
  }
}
