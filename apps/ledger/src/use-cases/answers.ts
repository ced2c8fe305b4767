import type { HoldView, LedgerRefusal, PostedTransfer } from '@stuiver/contracts';
import type { HoldsInTheWay, Move, Refused } from '../domain/decision.js';
import { type HoldState, remainingOf } from '../domain/hold.js';

/* What was decided, in the words of the contract: amounts are text of minor units. */

export function toPostedTransfer(
  seq: bigint,
  { purpose, amount, currency, debit, credit }: Move,
): PostedTransfer {
  return {
    seq: seq.toString(),
    purpose,
    debit: debit.code,
    credit: credit.code,
    amountMinor: amount.toString(),
    currency,
    debitVersion: debit.version.toString(),
    creditVersion: credit.version.toString(),
    debitAfterMinor: debit.balance.toString(),
    creditAfterMinor: credit.balance.toString(),
  };
}

export function toHoldView(hold: HoldState): HoldView {
  return {
    holdId: hold.id,
    account: hold.account,
    placedMinor: hold.placed.toString(),
    capturedMinor: hold.captured.toString(),
    releasedMinor: hold.released.toString(),
    remainingMinor: remainingOf(hold).toString(),
    state: hold.condition,
    expiresAt: hold.expiresAt?.toISOString() ?? null,
  };
}

/** As it is stored, and as it goes into the answer. */
export function toRefusal(refused: Refused): LedgerRefusal {
  const { code, account, limit, shortfall, holds, firstOpenAt } = refused;
  return {
    code,
    account,
    limitMinor: limit?.toString() ?? null,
    shortfallMinor: shortfall?.toString() ?? null,
    ...(holds === undefined ? {} : { holds: toHoldsInTheWay(holds) }),
    ...(firstOpenAt === undefined ? {} : { firstOpenAt: firstOpenAt.toISOString() }),
  };
}

function toHoldsInTheWay({ held, first }: HoldsInTheWay): NonNullable<LedgerRefusal['holds']> {
  return {
    heldMinor: held.toString(),
    first: first.map((hold) => ({
      holdId: hold.id,
      remainingMinor: remainingOf(hold).toString(),
      expiresAt: hold.expiresAt?.toISOString() ?? null,
    })),
    earliestExpiresAt: first[0]?.expiresAt?.toISOString() ?? null,
  };
}
