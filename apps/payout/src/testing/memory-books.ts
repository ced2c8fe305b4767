import type {
  BooksAt,
  BooksSpan,
  JournalPage,
  LedgerBooks,
  LedgerResult,
  StatementLine,
} from '@stuiver/contracts';
import { LedgerUnavailable } from '@stuiver/contracts';
import { lastMomentOf } from '../domain/month.js';
import { DEBIT_SIDE, type MemoryLedger } from './memory-ledger.js';

/** The general ledger over the memory ledger's entries. Its months are Amsterdam's, as the real one's are. */
export class MemoryBooks implements LedgerBooks {
  readonly closed: string[] = [];
  private losesAnswer = false;

  constructor(private readonly ledger: MemoryLedger) {}

  /** The next month is closed, and the answer is lost on its way back. */
  loseAnswer(): void {
    this.losesAnswer = true;
  }

  booksAt(at: Date | null): Promise<BooksAt> {
    const kinds = new Map<string, Kind>();
    for (const [code, entries] of this.ledger.entries) {
      const lines = entries.filter(({ effectiveAt }) => at === null || new Date(effectiveAt) <= at);
      if (lines.length === 0) continue;
      const account = code.replace(/^(user|merchant):[^:]+:/, '$1:*:');
      kinds.set(account, withOneMore(kinds.get(account) ?? noneOf(account), lines));
    }
    const sorted = [...kinds.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
    return Promise.resolve({ at: at?.toISOString() ?? null, currency: 'EUR', kinds: sorted });
  }

  span(): Promise<BooksSpan> {
    const days = [...this.ledger.entries.values()].flatMap((lines) =>
      lines.map(({ effectiveAt }) => effectiveAt.slice(0, 10)),
    );
    const last = [...this.closed].sort().at(-1);
    const openFrom =
      last === undefined ? null : new Date(lastMomentOf(last).getTime() + 1).toISOString();
    return Promise.resolve({ firstDay: days.sort()[0] ?? null, openFrom });
  }

  journal(page: { after: string; from: string; to: string }): Promise<JournalPage> {
    const transfers = [...this.ledger.entries]
      .flatMap(([code, lines]) =>
        lines.filter(({ side }) => side === 'debit').map((line) => transferOf(code, line)),
      )
      .filter(({ effectiveAt, seq }) => {
        const day = effectiveAt.slice(0, 10);
        return day >= page.from && day <= page.to && BigInt(seq) > BigInt(page.after);
      })
      .sort((one, other) => Number(one.seq) - Number(other.seq));
    // A page each, so that whoever reads must ask again.
    const [first, ...more] = transfers;
    const next = more.length === 0 ? null : (first?.seq ?? null);
    return Promise.resolve({ transfers: first === undefined ? [] : [first], next });
  }

  closePeriod(month: string): Promise<LedgerResult> {
    if (!this.closed.includes(month)) this.closed.push(month);
    if (this.losesAnswer) {
      this.losesAnswer = false;
      return Promise.reject(new LedgerUnavailable('the answer is lost'));
    }
    const about = { commandId: `close ${month}`, batch: '1', bookedAt: '' };
    return Promise.resolve({ outcome: 'posted', ...about, transfers: [] });
  }
}

type Kind = BooksAt['kinds'][number];

function noneOf(account: string): Kind {
  const normalSide = DEBIT_SIDE.test(account) ? 'debit' : 'credit';
  return { account, normalSide, accounts: '0', balanceMinor: '0', aboveZeroMinor: '0' };
}

function withOneMore(kind: Kind, lines: readonly StatementLine[]): Kind {
  const balance = balanceOf(lines, kind.normalSide);
  return {
    ...kind,
    accounts: String(Number(kind.accounts) + 1),
    balanceMinor: String(BigInt(kind.balanceMinor) + balance),
    aboveZeroMinor: String(BigInt(kind.aboveZeroMinor) + (balance > 0n ? balance : 0n)),
  };
}

function balanceOf(lines: readonly StatementLine[], normalSide: 'debit' | 'credit'): bigint {
  return lines.reduce((sum, { side, amountMinor }) => {
    const amount = BigInt(amountMinor);
    return side === normalSide ? sum + amount : sum - amount;
  }, 0n);
}

function transferOf(debit: string, line: StatementLine): JournalPage['transfers'][number] {
  const { seq, commandId, commandKind, purpose, amountMinor, counterAccount: credit } = line;
  return {
    ...{ seq, commandId, commandKind, purpose, debit, credit, amountMinor, currency: 'EUR' },
    ...{ debitVersion: line.version, debitAfterMinor: line.balanceAfterMinor, batch: '1' },
    ...{ creditVersion: '0', creditAfterMinor: '0', ownEffectiveAt: null },
    ...{ effectiveAt: line.effectiveAt, bookedAt: line.bookedAt },
  };
}
