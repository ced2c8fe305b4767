import { describe, expect, it } from '@jest/globals';
import type { Appended, BatchRows, Question, Snapshot } from '../use-cases/ledger-store.js';
import { MemoryTables } from './memory-tables.js';
import { simulate } from './simulate.js';

/** Many more than are needed. */
const STEPS_MAX = 20_000;
/** Lines of a story: a fault of one command should not need more. */
const STORY_MAX = 8;

interface Planted {
  readonly written?: (rows: BatchRows) => BatchRows;
  readonly told?: (snapshot: Snapshot) => Snapshot;
  /** It is said to be written, and is not. */
  readonly loses?: (rows: BatchRows) => boolean;
}

class WrongTables extends MemoryTables {
  constructor(private readonly planted: Planted) {
    super();
  }

  override async read(question: Question): Promise<Snapshot> {
    const snapshot = await super.read(question);
    return this.planted.told?.(snapshot) ?? snapshot;
  }

  override async append(rows: BatchRows): Promise<Appended> {
    if (this.planted.loses?.(rows) === true) return 'appended';
    return super.append(this.planted.written?.(rows) ?? rows);
  }

  protected override anew(): MemoryTables {
    return new WrongTables(this.planted);
  }
}

const withoutRare = (
  rows: BatchRows,
  gone: Partial<NonNullable<BatchRows['rare']>>,
): BatchRows => ({ ...rows, rare: rows.rare === null ? null : { ...rows.rare, ...gone } });

const PLANTED: readonly (Planted & { readonly what: string; readonly says: string })[] = [
  {
    what: 'a balance that is a cent too high',
    says: 'account ',
    written: (rows) => ({
      ...rows,
      changed: rows.changed.map(({ account, versionBefore }) => ({
        ...{ account: { ...account, balance: account.balance + 1n }, versionBefore },
      })),
    }),
  },
  {
    what: 'a command that is answered and not booked',
    says: 'what became of',
    loses: (rows) => rows.commands.some(({ kind }) => kind === 'payout-approve'),
  },
  {
    what: 'a transfer that is booked twice',
    says: 'what became of',
    written: (rows) => {
      const [command, transfer] = [rows.commands.at(-1), rows.transfers.at(-1)];
      if (command === undefined || transfer?.commandId !== command.id) return rows;
      const twice = { ...command, transferCount: command.transferCount + 1 };
      return {
        ...rows,
        commands: [...rows.commands.slice(0, -1), twice],
        transfers: [...rows.transfers, transfer],
        after: { ...rows.after, lastSeq: rows.after.lastSeq + 1n },
      };
    },
  },
  {
    what: 'a limit towards which nothing counts',
    says: 'the limits on',
    written: (rows) => withoutRare(rows, { counters: [] }),
  },
  {
    what: 'terms that are answered and not kept',
    says: 'the terms of',
    written: (rows) => withoutRare(rows, { terms: [] }),
  },
  {
    what: 'a hold that is not expired when its time has come',
    says: 'which holds expired first',
    told: (snapshot) => ({ ...snapshot, rare: { ...snapshot.rare, due: [] } }),
  },
  {
    what: 'a reversal that nobody notes',
    says: 'what became of reversal',
    written: (rows) => withoutRare(rows, { reversals: [] }),
  },
  {
    what: 'a reversal that does not know what was taken back before',
    // The model, or the tables' own guard: whichever meets it first.
    says: 'reversal',
    told: (snapshot) => ({
      ...snapshot,
      rare: {
        ...snapshot.rare,
        originals: new Map(
          [...snapshot.rare.originals].map(([id, { transfers }]) => [
            id,
            { transfers: transfers.map((transfer) => ({ ...transfer, reversed: 0n })) },
          ]),
        ),
      },
    }),
  },
];

describe('a ledger that does wrong', () => {
  it.each(PLANTED)('is found out by $what, in a short story', async ({ says, ...planted }) => {
    const tables = (): MemoryTables => new WrongTables(planted);
    const { failure } = await simulate({ seed: 1, steps: STEPS_MAX, tables });
    expect(failure?.reason).toContain(says);
    expect(failure?.story.length).toBeLessThanOrEqual(STORY_MAX);
  });
});
