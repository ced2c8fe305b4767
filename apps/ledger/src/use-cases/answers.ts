import type { HoldView, LedgerAnswer, LedgerRefusal, PostedTransfer } from '@stuiver/contracts';
import type { AccountState } from '../domain/chart-of-accounts.js';
import type { HoldsInTheWay, Move, Posted, Refused, Reversal } from '../domain/decision.js';
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

function toHoldView(hold: HoldState): HoldView {
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

/** What is answered beside the transfers, and stored with the command; null for most. */
export function toAnswer(
  { holds, account, reversals }: Posted,
  seqs: {
    /** Of the answer's first transfer. */
    readonly first: bigint;
    readonly originalOf: (reversal: Reversal) => bigint;
  },
): LedgerAnswer | null {
  if (holds === undefined && account === undefined && reversals === undefined) return null;
  return {
    ...(holds === undefined ? {} : { holds: holds.map(toHoldView) }),
    ...(account === undefined ? {} : { account: toTermsView(account) }),
    ...(reversals === undefined
      ? {}
      : {
          reversals: reversals.map((reversal, index) => ({
            seq: (seqs.first + BigInt(index)).toString(),
            originalSeq: seqs.originalOf(reversal).toString(),
            reversedMinor: reversal.after.toString(),
          })),
        }),
  };
}

function toTermsView({ code, terms }: AccountState): NonNullable<LedgerAnswer['account']> {
  return {
    account: code,
    state: terms?.condition ?? 'open',
    floorMinor: terms?.floor?.toString() ?? null,
    ceilingMinor: terms?.ceiling?.toString() ?? null,
  };
}

/** As it is stored, and as it goes into the answer. */
export function toRefusal(refused: Refused): LedgerRefusal {
  const { code, account, limit, shortfall, holds, velocity, firstOpenAt } = refused;
  return {
    code,
    account,
    limitMinor: limit?.toString() ?? null,
    shortfallMinor: shortfall?.toString() ?? null,
    ...(holds === undefined ? {} : { holds: toHoldsInTheWay(holds) }),
    ...(firstOpenAt === undefined ? {} : { firstOpenAt: firstOpenAt.toISOString() }),
    ...(velocity === undefined ? {} : { velocity: toVelocity(velocity) }),
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

function toVelocity(
  refusal: NonNullable<Refused['velocity']>,
): NonNullable<LedgerRefusal['velocity']> {
  const { subject, limit, countLeft, sumLeft, freesAt } = refusal;
  return {
    subject,
    name: limit.name,
    window: limit.window.kind,
    countMax: textOf(limit.countMax),
    countLeft: textOf(countLeft),
    sumMaxMinor: textOf(limit.sumMax),
    sumLeftMinor: textOf(sumLeft),
    freesAt: freesAt?.toISOString() ?? null,
  };
}

function textOf(value: bigint | null): string | null {
  return value?.toString() ?? null;
}
