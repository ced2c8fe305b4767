import type { LedgerAnswer, LedgerCommand } from '@stuiver/contracts';
import type { NaiveBooks } from './naive-books.js';
import { type Chain, enter } from './naive-chain.js';
import type { Entry, Stopped } from './words.js';

type Reversal = Extract<LedgerCommand, { kind: 'reversal' }>;

/** Takes entries of an earlier command back, by entries the other way round. @returns why not. */
export function takeBack(chain: Chain, { commandId, parts }: Reversal): Stopped | undefined {
  const { books, began } = chain;
  const originals = books.entriesOf(commandId);
  if (originals.length === 0) return { outcome: 'refused', code: 'ORIGINAL_UNKNOWN' };
  // Whole is whatever is left of each, the last one first.
  const wanted =
    parts?.map(({ transfer, amountMinor }) => ({
      ...{ entry: originals[transfer], amount: BigInt(amountMinor) },
    })) ?? originals.toReversed().map((entry) => ({ entry, amount: leftOf(books, entry) }));
  for (const { entry, amount } of wanted) {
    const stopped = takeBackPart(chain, entry, amount);
    if (stopped !== undefined) return stopped;
  }
  const isMoved = books.mark.entries > began.entries;
  return isMoved ? undefined : { outcome: 'refused', code: 'REVERSED_ALREADY', limit: 0n };
}

function takeBackPart(chain: Chain, entry: Entry | undefined, amount: bigint): Stopped | undefined {
  if (entry === undefined) {
    return { outcome: 'impossible', rule: 'must be a transfer of the original' };
  }
  const limit = leftOf(chain.books, entry);
  if (amount > limit) {
    const [account, shortfall] = [entry.credit, amount - limit];
    return { outcome: 'refused', code: 'REVERSED_ALREADY', account, limit, shortfall };
  }
  if (amount === 0n) return undefined;
  const { credit: from, debit: to, seq: reverses } = entry;
  return enter(chain, { purpose: 'reversal', from, to, amount, reverses });
}

function leftOf(books: NaiveBooks, { seq, amount }: Entry): bigint {
  return amount - books.takenBack(seq);
}

/** As the answer tells them. */
export function reversalsView(
  books: NaiveBooks,
  entries: readonly Entry[],
): NonNullable<LedgerAnswer['reversals']> {
  return entries.flatMap(({ seq, reverses }) => {
    if (reverses === null) return [];
    const reversedMinor = books.takenBack(reverses, seq).toString();
    return [{ seq: seq.toString(), originalSeq: reverses.toString(), reversedMinor }];
  });
}
