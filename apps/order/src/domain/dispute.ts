import type { Money } from '@stuiver/money';

/** What a dispute is over: an attempt of an order, or a top-up. */
export interface DisputedPayment {
  readonly attemptId: string | null;
  readonly topUpId: string | null;
  readonly orderId: string | null;
  /** Whose money it takes; null: nobody's of ours, so a person looks at it. */
  readonly mchid: string | null;
}

export type DisputeState = 'inquiry' | 'open' | 'won' | 'lost' | 'closed';

interface DisputedMoney {
  readonly amount: Money;
  readonly at: Date;
}

/** The payer's bank takes a payment back, or asks about it. */
export interface Dispute extends DisputedPayment {
  /** The PSP's own id of it. */
  readonly id: string;
  readonly state: DisputeState;
  readonly reason: string;
  readonly amount: Money;
  readonly openedAt: Date;
  readonly evidenceDueAt: Date | null;
  /** What the PSP took from its balance and gave back; once it is recorded it is booked, and never changes. */
  readonly withdrawn: DisputedMoney | null;
  readonly returned: DisputedMoney | null;
  readonly endedAt: Date | null;
  /** When the PSP is asked again; null: it has ended. */
  readonly askAt: Date | null;
}

interface DisputeTold {
  readonly pspReference: string;
  readonly state: DisputeState;
  readonly reason: string;
  readonly amount: Money;
  readonly openedAt: Date;
  readonly evidenceDueAt: Date | null;
  readonly withdrawn: DisputedMoney | null;
  readonly returned: DisputedMoney | null;
}

/** Banks take weeks: the PSP's message comes first, and this is for the one that was lost. */
const ASK_EVERY_MS = 6 * 3_600_000;

const NOTHING_YET: Pick<Dispute, 'withdrawn' | 'returned' | 'endedAt'> = {
  ...{ withdrawn: null, returned: null, endedAt: null },
};

/** How it stands now. Whatever the PSP says, what was booked stays, and nothing comes back before it was taken. */
export function disputeAsTold(
  before: Dispute | undefined,
  { told, payment, now }: { told: DisputeTold; payment: DisputedPayment; now: Date },
): Dispute {
  const isOpen = told.state === 'inquiry' || told.state === 'open';
  const kept = before ?? NOTHING_YET;
  const withdrawn = kept.withdrawn ?? told.withdrawn;
  return {
    ...payment,
    ...{ id: told.pspReference, state: told.state, reason: told.reason, amount: told.amount },
    ...{ openedAt: told.openedAt, evidenceDueAt: told.evidenceDueAt, withdrawn },
    returned: withdrawn === null ? null : (kept.returned ?? told.returned),
    endedAt: isOpen ? null : (kept.endedAt ?? now),
    askAt: isOpen ? new Date(now.getTime() + ASK_EVERY_MS) : null,
  };
}
