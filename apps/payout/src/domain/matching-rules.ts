import { Money } from '@stuiver/money';
import type { BankLine, Candidates, KnownPayout } from './bank-line.js';

/** What a line is. `code`: the bank's reason for a return. */
export type Placement =
  | { readonly kind: 'settle'; readonly payoutIds: readonly string[] }
  | { readonly kind: 'return'; readonly payoutId: string; readonly code: string }
  | { readonly kind: 'arrival'; readonly pspPayoutId: string };

export interface Match {
  readonly rule: string;
  /** Counts up when the rule changes, so an old match says by which one it was made. */
  readonly version: number;
  readonly explanation: string;
  readonly placement: Placement;
}

/** No rule places the line. `problem` says what is odd about it. */
export interface NoMatch {
  readonly rule: null;
  readonly problem: string;
  /** It names something of ours, and the amount is another. */
  readonly isOtherAmount: boolean;
}

interface Rule {
  readonly name: string;
  readonly version: number;
  /** @returns what the line is and why; a text says why the rule, though it is about such lines, does not place it. */
  readonly place: (line: BankLine, known: Candidates) => Found | Objection | undefined;
}
interface Found {
  readonly placement: Placement;
  readonly explanation: string;
}
interface Objection {
  readonly problem: string;
  readonly isOtherAmount?: boolean;
}

/** What a bank says when it gives no reason. Source: ISO 20022 external return reason codes. */
const NO_REASON = 'MS03';

/**
 * In this order; the first that places a line counts. None looks at the amount alone.
 * Source: docs/adr/0008-reconciliation-by-named-rules.md.
 */
const RULES: readonly Rule[] = [
  { name: 'payout-by-end-to-end-id', version: 1, place: byEndToEndId },
  { name: 'batch-by-payment-information-id', version: 1, place: byBatch },
  { name: 'psp-payout-by-its-id', version: 1, place: byPspPayout },
  { name: 'return-by-end-to-end-id', version: 1, place: byReturn },
];

/** What a line of the bank's statement is, by the first rule that can say it. */
export function matchLine(line: BankLine, known: Candidates): Match | NoMatch {
  const objections: Objection[] = [];
  for (const { name, version, place } of RULES) {
    const found = place(line, known);
    if (found === undefined) continue;
    if ('placement' in found) return { rule: name, version, ...found };
    objections.push(found);
  }
  const problem = objections.map((objection) => objection.problem).join('; ');
  return {
    rule: null,
    problem: problem === '' ? nothingKnown(line) : problem,
    isOtherAmount: objections.some(({ isOtherAmount }) => isOtherAmount === true),
  };
}

function byEndToEndId(line: BankLine, { payout }: Candidates): Found | Objection | undefined {
  if (payout === null || !isOut(line)) return undefined;
  if (!sameSize(line, payout.amount)) return otherAmount(line, payout);
  const objection = objectionToSettling(payout);
  if (objection !== undefined) return { problem: objection };
  return {
    placement: { kind: 'settle', payoutIds: [payout.id] },
    explanation: `EndToEndId, amount and sign are those of ${payout.id}`,
  };
}

function byBatch(line: BankLine, { batch }: Candidates): Found | Objection | undefined {
  if (batch === null || !isOut(line) || line.endToEndId !== null) return undefined;
  const unpaid = batch.filter((payout) => objectionToSettling(payout) === undefined);
  const total = unpaid.reduce((sum, { amount }) => sum.plus(amount), Money.zero('EUR'));
  const count = line.transactionCount ?? unpaid.length;
  if (count !== unpaid.length || !sameSize(line, total)) {
    const its = `${unpaid.length} unpaid payouts of ${total.toMajorText()} in all`;
    const problem = `PmtInfId is a batch of ours with ${its}; the line has ${count}`;
    return { problem, isOtherAmount: true };
  }
  if (unpaid.length === 0) return { problem: 'every payout of its batch is settled already' };
  return {
    placement: { kind: 'settle', payoutIds: unpaid.map(({ id }) => id) },
    explanation: `PmtInfId, count (${count}) and total are those of the batch`,
  };
}

function byPspPayout(line: BankLine, { pspPayouts }: Candidates): Found | Objection | undefined {
  const [named, second] = pspPayouts;
  if (named === undefined || line.amount.minor < 0n) return undefined;
  if (second !== undefined) return { problem: 'its text names several payouts of the PSP' };
  if (!named.amount.equals(line.amount)) {
    return {
      problem: `its text names ${named.id}, which is ${named.amount.toMajorText()}`,
      isOtherAmount: true,
    };
  }
  if (named.hasArrived) return { problem: `${named.id} has arrived already` };
  if (named.hasFailed) return { problem: `the PSP says that ${named.id} failed` };
  return {
    placement: { kind: 'arrival', pspPayoutId: named.id },
    explanation: `its text names ${named.id}, and the amount is the net of that payout’s transaction`,
  };
}

function byReturn(line: BankLine, { payout }: Candidates): Found | Objection | undefined {
  if (payout === null || isOut(line)) return undefined;
  if (line.returnReason === null) {
    return { problem: `names ${payout.id}, came in, and says no reason of a return` };
  }
  if (!payout.amount.equals(line.amount)) return otherAmount(line, payout);
  const objection = objectionToReturning(payout);
  if (objection !== undefined) return { problem: objection };
  return {
    placement: { kind: 'return', payoutId: payout.id, code: line.returnReason },
    explanation: `RtrInf ${line.returnReason}; EndToEndId and amount are those of ${payout.id}, which was paid`,
  };
}

/** What a person says a line is. @returns what is wrong with that, or the match. */
export function matchByHand(
  line: BankLine,
  known: Candidates,
  by: { readonly note: string },
): Match | string {
  const hand = { rule: 'by-hand', version: 1, explanation: by.note } as const;
  if (line.kind === 'opening') return 'is what was there before the first statement';
  const [pspPayout] = known.pspPayouts;
  if (pspPayout !== undefined) {
    const found = byPspPayout(line, known);
    if (found === undefined) return 'went out, and a payout of the PSP comes in';
    return 'problem' in found ? found.problem : { ...hand, placement: found.placement };
  }
  if (known.payout === null) return 'names nothing of ours';
  const found = isOut(line)
    ? byEndToEndId(line, known)
    : byReturn({ ...line, returnReason: line.returnReason ?? NO_REASON }, known);
  if (found === undefined) return 'names nothing of ours';
  return 'problem' in found ? found.problem : { ...hand, placement: found.placement };
}

function objectionToSettling({ id, state, taken }: KnownPayout): string | undefined {
  if (taken.rejected || state === 'rejected') return `${id} is recorded as rejected by the bank`;
  if (taken.settled) return `${id} was settled by another line`;
  return state === 'exported' ? undefined : `${id} is ${state}: it was not given to the bank`;
}

function objectionToReturning({ id, state, taken }: KnownPayout): string | undefined {
  if (taken.returned) return `${id} was returned by another line`;
  return taken.settled || state === 'settled' ? undefined : `${id} was never paid`;
}

function otherAmount(line: BankLine, payout: KnownPayout): Objection {
  const [is, was] = [line.amount.toMajorText(), payout.amount.toMajorText()];
  return { problem: `names ${payout.id} of ${was}, and is ${is}`, isOtherAmount: true };
}

function nothingKnown(line: BankLine): string {
  if (line.kind === 'opening') return 'what was on the account before the first statement';
  return 'names no payout of ours and none of the PSP';
}

function isOut(line: BankLine): boolean {
  return line.amount.minor < 0n;
}

function sameSize(line: BankLine, amount: Money): boolean {
  return line.amount.minor === -amount.minor;
}
