import type { Money } from '@stuiver/money';

/** What of a statement says where it stands among the others of its account. */
export interface StatementPlace {
  readonly sequence: bigint | null;
  /** ISO days. */
  readonly fromDay: string;
  readonly toDay: string;
  readonly opening: Money;
  readonly closing: Money;
}

/** Why a statement cannot come after the last one; nothing when it can. A bank may begin at 1 again with the year. */
export function objectionToFollowing(
  last: StatementPlace,
  next: StatementPlace,
): { readonly field: string; readonly rule: string; readonly why: string } | undefined {
  if (next.fromDay <= last.toDay) {
    const rule = `days up to ${last.toDay} are imported already`;
    return { field: 'FrToDt', rule, why: 'days-imported-already' };
  }
  if (!followsInNumber(last, next)) {
    const expected = (last.sequence ?? 0n) + 1n;
    const rule = `must be ${expected}: a statement is missing before it`;
    return { field: 'ElctrncSeqNb', rule, why: 'statement-missing' };
  }
  if (!next.opening.equals(last.closing)) {
    return {
      field: 'Bal',
      rule: `opening must be ${last.closing.toMajorText()}, the closing of the statement before`,
      why: 'other-opening',
    };
  }
  return undefined;
}

function followsInNumber(last: StatementPlace, next: StatementPlace): boolean {
  if (last.sequence === null || next.sequence === null) return true;
  const isNewYear = next.toDay.slice(0, 4) > last.toDay.slice(0, 4);
  return next.sequence === last.sequence + 1n || (isNewYear && next.sequence === 1n);
}
