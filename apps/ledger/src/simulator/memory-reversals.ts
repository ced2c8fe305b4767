import type { PostedTransfer } from '@stuiver/contracts';
import type { Original } from '../domain/rare-state.js';
import type { ReversalRow } from '../use-cases/ledger-store.js';
import { need } from './rows-broken.js';

/** The table that says which transfer takes back which. */
export class MemoryReversals {
  private readonly rows: ReversalRow[];

  constructor(rows: readonly ReversalRow[] = []) {
    this.rows = [...rows];
  }

  fork(): MemoryReversals {
    return new MemoryReversals(this.rows);
  }

  put(rows: readonly ReversalRow[], transferOf: (seq: bigint) => PostedTransfer | undefined): void {
    for (const row of rows) {
      const { before, after, original } = row;
      need(before >= 0n && after > before, 'a reversal takes something back');
      need(after <= original, 'reversals never exceed the original');
      needMirror(row, transferOf);
      const others = this.rows.filter(({ reverses }) => reverses === row.reverses);
      need(!others.some((other) => other.before === before), 'a reversal has no twin');
      need(
        before === 0n || others.some((other) => other.after === before),
        'a reversal begins where the one before it ended',
      );
      this.rows.push(row);
    }
  }

  originalOf(transfers: readonly PostedTransfer[]): Original {
    return {
      transfers: transfers.map(({ seq, debit, credit, currency, amountMinor }) => ({
        ...{ seq: BigInt(seq), debit, credit, currency, amount: BigInt(amountMinor) },
        reversed: this.takenBack(BigInt(seq)),
      })),
    };
  }

  private takenBack(seq: bigint): bigint {
    const mine = this.rows.filter(({ reverses }) => reverses === seq);
    return mine.reduce((most, { after }) => (after > most ? after : most), 0n);
  }
}

function needMirror(
  { seq, reverses, before, after, original }: ReversalRow,
  transferOf: (seq: bigint) => PostedTransfer | undefined,
): void {
  const [mirror, mirrored] = [transferOf(seq), transferOf(reverses)];
  need(mirror !== undefined && mirrored !== undefined, 'a reversal and its original are there');
  if (mirror === undefined || mirrored === undefined) return;
  const isTurned = mirror.debit === mirrored.credit && mirror.credit === mirrored.debit;
  need(isTurned && seq > reverses, 'a reversal is its original the other way round');
  need(
    mirrored.amountMinor === original.toString() &&
      mirror.amountMinor === (after - before).toString(),
    'a reversal is of its amounts',
  );
}
