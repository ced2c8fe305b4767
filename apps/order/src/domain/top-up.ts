import type { Money } from '@stuiver/money';

export type TopUpState = 'confirming' | 'redirected' | 'unknown' | 'succeeded' | 'failed';

/** A payer's own money on its way into their wallet; its id is the PSP's idempotency key. */
export interface TopUp {
  readonly id: string;
  readonly userId: string;
  readonly amount: Money;
  readonly method: 'ideal' | 'card';
  readonly cardToken: string | null;
  readonly state: TopUpState;
  readonly pspReference: string | null;
  readonly redirectUrl: string | null;
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly askAt: Date | null;
  readonly askedCount: number;
}

/** Money that came is never refused: a top-up that was thought failed becomes `succeeded` after all. */
export function mayTopUpBecome(from: TopUpState, to: TopUpState): boolean {
  if (from === 'succeeded') return false;
  return to === 'succeeded' || from !== 'failed';
}
