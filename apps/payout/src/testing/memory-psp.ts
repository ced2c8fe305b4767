import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import {
  type PspAccount,
  type PspPayoutState,
  type PspTransaction,
  PspUnknownOutcome,
} from '@stuiver/psp';

export const euros = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

interface Happened {
  readonly kind: PspTransaction['kind'];
  readonly amount: bigint;
  readonly fee?: bigint;
  readonly reference?: string;
  readonly pspReference?: string;
  readonly paymentReference?: string;
}

/** A PSP's account in memory, with the port's promises: oldest first, one payout per key, the balance is the sum. */
export class MemoryPsp implements PspAccount {
  readonly happened: PspTransaction[] = [];
  private readonly payouts = new Map<string, PspPayoutState>();
  private isAnswerLost = false;
  /** What the balance says beyond its transactions: a PSP that cannot count. */
  miscount = 0n;

  constructor(private readonly now: () => Date) {}

  /** One thing that changed the balance. @returns its id. */
  happen(what: Happened): string {
    const id = `txn_${String(this.happened.length + 1)}`;
    const amount = euros(what.amount);
    const fee = euros(what.fee ?? 0n);
    const times = { createdAt: this.now(), availableAt: this.now() };
    this.happened.push({
      ...{ id, kind: what.kind, amount, fee, net: amount.minus(fee), ...times },
      pspReference: what.pspReference ?? `ref_${id}`,
      reference: what.reference ?? null,
      paymentReference: what.paymentReference ?? null,
    });
    return id;
  }

  loseNextAnswer(): void {
    this.isAnswerLost = true;
  }

  transactions(page: { after: string | null; limit: number }): Promise<readonly PspTransaction[]> {
    const from = this.happened.findIndex(({ id }) => id === page.after) + 1;
    return Promise.resolve(this.happened.slice(from, from + page.limit));
  }

  balance(): Promise<{ available: Money; pending: Money }> {
    const pending = this.happened.reduce((sum, { net }) => sum.plus(net), euros(this.miscount));
    return Promise.resolve({ available: euros(0n), pending });
  }

  payOut(request: {
    reference: string;
    amount: Money;
    idempotencyKey: string;
  }): Promise<PspPayoutState> {
    const { reference, amount, idempotencyKey } = request;
    const known = this.payouts.get(idempotencyKey);
    if (known !== undefined) return Promise.resolve(known);
    const held = this.happened.reduce((sum, { net }) => sum + net.minor, 0n);
    if (held < amount.minor) {
      return Promise.reject(new Refusal('PSP_REFUSED', { reason: 'balance_insufficient' }));
    }
    const id = `po_Bank${String(this.payouts.size + 1)}`;
    const state = { id, state: 'pending', amount, arrivesOn: '2026-11-25', failure: null } as const;
    this.payouts.set(idempotencyKey, state);
    this.happen({ kind: 'payout', amount: -amount.minor, reference, pspReference: id });
    if (!this.isAnswerLost) return Promise.resolve(state);
    this.isAnswerLost = false;
    return Promise.reject(new PspUnknownOutcome('the answer is lost'));
  }

  findPayout(id: string): Promise<PspPayoutState | undefined> {
    return Promise.resolve([...this.payouts.values()].find((payout) => payout.id === id));
  }

  readWebhook(message: { rawBody: Uint8Array; signature: string }): {
    pspEventId: string;
    concernsBalance: boolean;
  } {
    if (message.signature !== 'signed') throw new Refusal('PSP_SIGNATURE_WRONG');
    return { pspEventId: Buffer.from(message.rawBody).toString('utf8'), concernsBalance: true };
  }
}
