import { Money } from '@stuiver/money';
import type { BankLine, Candidates, KnownPayout } from './bank-line.js';

/** What a line is. `code`: the bank's reason for a return. */
export type Placement =
  | { readonly kind: 'settle'; readonly payoutIds: readonly string[] }
  | { readonly kind: 'return'; readonly payoutId: string; readonly code: string }
  | { readonly kind: 'arrival' | 'taken-back'; readonly pspPayoutId: string };

export interface Match {
  readonly rule: string;
  /** Counts up when the rule changes, so an old match says by which one it was made. */
  readonly version: number;
  readonly explanation: string;
  readonly placement: Placement;
}

/** Why a line is not placed; pages have a sentence for each. */
export const PROBLEMS = [
  'other-amount',
  'settled-already',
  'rejected-already',
  'returned-already',
  'not-with-the-bank',
  'never-paid',
  'no-reason-of-return',
  'batch-settled-already',
  'several-psp-payouts',
  'psp-payout-arrived',
  'psp-payout-failed',
  'psp-payout-taken-back',
  'psp-payout-comes-in',
  'opening-balance',
  'names-nothing',
] as const;
export type Problem = (typeof PROBLEMS)[number];

/** No rule places the line. `problem` says what is odd about it; `codes` the same, one for each rule that objects. */
export interface NoMatch {
  readonly rule: null;
  readonly problem: string;
  readonly codes: readonly Problem[];
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
export interface Objection {
  readonly code: Problem;
  readonly problem: string;
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
  { name: 'psp-payout-taken-back', version: 1, place: byPspPayoutTakenBack },
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
  if (objections.length === 0) objections.push(nothingKnown(line));
  const codes = objections.map(({ code }) => code);
  return {
    ...{ rule: null, codes, problem: objections.map(({ problem }) => problem).join('; ') },
    isOtherAmount: codes.includes('other-amount'),
  };
}

function byEndToEndId(line: BankLine, { payout }: Candidates): Found | Objection | undefined {
  if (payout === null || !isOut(line)) return undefined;
  if (!sameSize(line, payout.amount)) return otherAmount(line, payout);
  const objection = objectionToSettling(payout);
  if (objection !== undefined) return objection;
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
    return { code: 'other-amount', problem };
  }
  if (unpaid.length === 0) {
    return {
      code: 'batch-settled-already',
      problem: 'every payout of its batch is settled already',
    };
  }
  return {
    placement: { kind: 'settle', payoutIds: unpaid.map(({ id }) => id) },
    explanation: `PmtInfId, count (${count}) and total are those of the batch`,
  };
}

function byPspPayout(line: BankLine, { pspPayouts }: Candidates): Found | Objection | undefined {
  const [named] = pspPayouts;
  if (named === undefined || isOut(line)) return undefined;
  const objection = objectionToNaming(line, pspPayouts);
  if (objection !== undefined) return objection;
  if (named.hasArrived) {
    return { code: 'psp-payout-arrived', problem: `${named.id} has arrived already` };
  }
  if (named.hasFailed) {
    return { code: 'psp-payout-failed', problem: `the PSP says that ${named.id} failed` };
  }
  return {
    placement: { kind: 'arrival', pspPayoutId: named.id },
    explanation: `its text names ${named.id}, and the amount is the net of that payout’s transaction`,
  };
}

/** It failed after it had arrived, and the bank took it from our account again. */
function byPspPayoutTakenBack(
  line: BankLine,
  { pspPayouts }: Candidates,
): Found | Objection | undefined {
  const [named] = pspPayouts;
  if (named === undefined || !isOut(line)) return undefined;
  const objection = objectionToNaming(line, pspPayouts);
  if (objection !== undefined) return objection;
  if (named.isTakenBack) {
    return { code: 'psp-payout-taken-back', problem: `${named.id} was taken back already` };
  }
  if (!named.hasArrived) {
    const problem = `went out, and ${named.id} has not come in`;
    return { code: 'psp-payout-comes-in', problem };
  }
  return {
    placement: { kind: 'taken-back', pspPayoutId: named.id },
    explanation: `its text names ${named.id}, which had arrived, and the amount went out again`,
  };
}

function objectionToNaming(
  line: BankLine,
  [named, second]: Candidates['pspPayouts'],
): Objection | undefined {
  if (second !== undefined) {
    return { code: 'several-psp-payouts', problem: 'its text names several payouts of the PSP' };
  }
  if (named === undefined) return undefined;
  const fits = isOut(line) ? sameSize(line, named.amount) : named.amount.equals(line.amount);
  if (fits) return undefined;
  const problem = `its text names ${named.id}, which is ${named.amount.toMajorText()}`;
  return { code: 'other-amount', problem };
}

function byReturn(line: BankLine, { payout }: Candidates): Found | Objection | undefined {
  if (payout === null || isOut(line)) return undefined;
  if (line.returnReason === null) {
    return {
      code: 'no-reason-of-return',
      problem: `names ${payout.id}, came in, and says no reason of a return`,
    };
  }
  if (!payout.amount.equals(line.amount)) return otherAmount(line, payout);
  const objection = objectionToReturning(payout);
  if (objection !== undefined) return objection;
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
): Match | Objection {
  const hand = { rule: 'by-hand', version: 1, explanation: by.note } as const;
  if (line.kind === 'opening') return nothingKnown(line);
  const found =
    byPspPayout(line, known) ?? byPspPayoutTakenBack(line, known) ?? byPayoutNamed(line, known);
  if (found === undefined) return { code: 'names-nothing', problem: 'names nothing of ours' };
  return 'problem' in found ? found : { ...hand, placement: found.placement };
}

function byPayoutNamed(line: BankLine, known: Candidates): Found | Objection | undefined {
  if (isOut(line)) return byEndToEndId(line, known);
  return byReturn({ ...line, returnReason: line.returnReason ?? NO_REASON }, known);
}

function objectionToSettling({ id, state, taken }: KnownPayout): Objection | undefined {
  if (taken.rejected || state === 'rejected') {
    return { code: 'rejected-already', problem: `${id} is recorded as rejected by the bank` };
  }
  if (taken.settled)
    return { code: 'settled-already', problem: `${id} was settled by another line` };
  if (state === 'exported') return undefined;
  const problem = `${id} is ${state}: it was not given to the bank`;
  return { code: 'not-with-the-bank', problem };
}

function objectionToReturning({ id, state, taken }: KnownPayout): Objection | undefined {
  if (taken.returned) {
    return { code: 'returned-already', problem: `${id} was returned by another line` };
  }
  if (taken.settled || state === 'settled') return undefined;
  return { code: 'never-paid', problem: `${id} was never paid` };
}

function otherAmount(line: BankLine, payout: KnownPayout): Objection {
  const [is, was] = [line.amount.toMajorText(), payout.amount.toMajorText()];
  return { code: 'other-amount', problem: `names ${payout.id} of ${was}, and is ${is}` };
}

function nothingKnown(line: BankLine): Objection {
  if (line.kind === 'opening') {
    const problem = 'what was on the account before the first statement';
    return { code: 'opening-balance', problem };
  }
  return { code: 'names-nothing', problem: 'names no payout of ours and none of the PSP' };
}

function isOut(line: BankLine): boolean {
  return line.amount.minor < 0n;
}

function sameSize(line: BankLine, amount: Money): boolean {
  return line.amount.minor === -amount.minor;
}
