import type { LedgerAnswer, LedgerRefusal, LedgerResult, PostedTransfer } from '@stuiver/contracts';
import { type AccountState, hardFloorOf } from '../domain/chart-of-accounts.js';
import { type HoldState, remainingOf } from '../domain/hold.js';
import type { Original } from '../domain/rare-state.js';
import { contentSha256 } from '../use-cases/accept-command.js';
import { toPostedTransfer } from '../use-cases/answers.js';
import type {
  Appended,
  BatchRows,
  CommandRow,
  Head,
  KnownCommand,
  LedgerWriter,
  Question,
  Snapshot,
} from '../use-cases/ledger-store.js';
import { MemoryLimits } from './memory-limits.js';
import { MemoryReversals } from './memory-reversals.js';
import { need } from './rows-broken.js';

const GENESIS: Head = {
  ...{ batch: 0n, lastSeq: 0n, lastAccount: 0n, at: new Date(0), openFrom: new Date(0) },
  hash: '0'.repeat(64),
};
const DUE_MAX = 512;

interface Tables {
  head: Head;
  accounts: Map<string, AccountState>;
  holds: Map<string, HoldState>;
  known: Map<string, KnownCommand>;
  /** Codes of accounts with limits on them. */
  limited: Set<string>;
  limits: MemoryLimits;
  /** The first has number one. */
  transfers: PostedTransfer[];
  reversals: MemoryReversals;
}

/** The tables of the ledger and what `append_batch` does to them, in memory. One transaction at a time. */
export class MemoryTables implements LedgerWriter {
  private tables: Tables = {
    ...{ head: GENESIS, accounts: new Map(), holds: new Map(), known: new Map() },
    ...{ limited: new Set(), limits: new MemoryLimits() },
    ...{ transfers: [], reversals: new MemoryReversals() },
  };

  get head(): Head {
    return this.tables.head;
  }

  get accounts(): ReadonlyMap<string, AccountState> {
    return this.tables.accounts;
  }

  get limits(): MemoryLimits {
    return this.tables.limits;
  }

  knownOf(id: string): KnownCommand | undefined {
    return this.tables.known.get(id);
  }

  /** What a transaction works on until it commits. */
  fork(): MemoryTables {
    const { head, accounts, holds, known, limited, limits, transfers, reversals } = this.tables;
    const fork = this.anew();
    fork.tables = {
      ...{ head, accounts: new Map(accounts), holds: new Map(holds), known: new Map(known) },
      ...{ limited: new Set(limited), limits: limits.fork() },
      ...{ transfers: [...transfers], reversals: reversals.fork() },
    };
    return fork;
  }

  /** Empty ones of the same kind. */
  protected anew(): MemoryTables {
    return new MemoryTables();
  }

  read(question: Question): Promise<Snapshot> {
    const { head, holds, known, limits } = this.tables;
    const { rare, dueBy } = question;
    const open = [...holds.values()].filter(({ condition }) => condition === 'open').sort(byExpiry);
    const time = Math.max(head.at.getTime(), dueBy.getTime());
    const due = open
      .filter(({ expiresAt }) => expiresAt !== null && expiresAt.getTime() <= time)
      .slice(0, DUE_MAX);
    const found = rare.holds.map((id) => holds.get(id)).filter((hold) => hold !== undefined);
    const originals = this.originals(rare.originals);
    const sides = [...originals.values()].flatMap(({ transfers }) =>
      transfers.flatMap(({ debit, credit }) => [debit, credit]),
    );
    const codes = [
      ...question.accounts,
      ...[...due, ...found].map(({ account }) => account),
      ...sides,
    ];
    const standing = question.standing.map((code) => {
      const all = open.filter(({ account }) => account === code);
      return [code, all.slice(0, question.standingMax)] as const;
    });
    const subjects = rare.subjects.map((subject) => [subject, limits.of(subject)] as const);
    return Promise.resolve({
      head,
      accounts: codes.map((code) => this.account(code)).filter((account) => account !== undefined),
      known: question.commandIds.map((id) => known.get(id)).filter((one) => one !== undefined),
      rare: {
        ...{ holds: found, due, nextExpiryAt: open[due.length]?.expiresAt ?? null },
        subjects: new Map(subjects.flatMap(([name, on]) => (on === undefined ? [] : [[name, on]]))),
        originals,
        standing: new Map(standing),
      },
    });
  }

  append(rows: BatchRows): Promise<Appended> {
    const { head, known } = this.tables;
    if (rows.commands.some(({ id }) => known.has(id))) return Promise.resolve('known');
    if (rows.before.batch !== head.batch || rows.after.at < head.at) {
      return Promise.resolve('moved');
    }
    this.putAccounts(rows);
    this.putHolds(rows);
    this.putLimits(rows);
    this.putCommands(rows);
    this.tables.reversals.put(
      rows.rare?.reversals ?? [],
      (seq) => this.tables.transfers[Number(seq) - 1],
    );
    this.needLinks(rows);
    this.tables.head = rows.after;
    return Promise.resolve('appended');
  }

  /** Terms are written where the rows say so, whatever the accounts in them say. */
  private putAccounts(rows: BatchRows): void {
    const { accounts } = this.tables;
    const terms = new Map(rows.rare?.terms.map((account) => [account.code, account.terms]));
    for (const account of rows.opened) {
      need(!accounts.has(account.code), 'an account is opened once');
      this.putAccount({ ...account, terms: terms.get(account.code) ?? null });
    }
    for (const { account, versionBefore } of rows.changed) {
      const was = accounts.get(account.code);
      need(was?.version === versionBefore, 'an account is at the version the batch was decided on');
      const said = terms.get(account.code);
      this.putAccount({ ...account, terms: said === undefined ? (was?.terms ?? null) : said });
    }
    for (const code of terms.keys()) need(accounts.has(code), 'an account that has terms is there');
  }

  private putAccount(account: AccountState): void {
    const { balance, held, terms } = account;
    const was = this.tables.accounts.get(account.code);
    const [floor, ceiling] = [hardFloorOf(account), terms?.ceiling ?? null];
    need(held >= 0n, 'what is held is not less than nothing');
    need(floor === null || balance - held >= floor, 'a balance is not below its floor');
    need(ceiling === null || balance <= ceiling, 'a balance is not above its ceiling');
    needClosed(account, was);
    this.tables.accounts.set(account.code, { ...account, limits: null });
  }

  /** Of commands that moved something. */
  private originals(commandIds: readonly string[]): ReadonlyMap<string, Original> {
    const { known, reversals } = this.tables;
    const found = new Map<string, Original>();
    for (const id of commandIds) {
      const result = known.get(id)?.result;
      if (result?.outcome !== 'posted' || result.transfers.length === 0) continue;
      found.set(id, reversals.originalOf(result.transfers));
    }
    return found;
  }

  private account(code: string): AccountState | undefined {
    const { accounts, limited, limits } = this.tables;
    const account = accounts.get(code);
    if (account === undefined || !limited.has(code)) return account;
    return { ...account, limits: limits.of(`account:${code}`) ?? null };
  }

  private putLimits({ rare }: BatchRows): void {
    if (rare === null) return;
    this.tables.limits.put(rare);
    for (const { code, limits } of rare.terms) {
      if (limits === null) this.tables.limited.delete(code);
      else this.tables.limited.add(code);
    }
  }

  private putHolds({ rare }: BatchRows): void {
    if (rare === null) return;
    const { holds } = this.tables;
    for (const { hold } of rare.holdsPlaced) {
      need(!holds.has(hold.id), 'a hold is placed once');
      holds.set(hold.id, hold);
    }
    for (const { hold } of rare.holdsChanged) {
      need(holds.get(hold.id)?.condition === 'open', 'a hold that has ended never changes');
      holds.set(hold.id, hold);
    }
    const touched = [...rare.holdsPlaced, ...rare.holdsChanged].map(({ hold }) => hold.account);
    for (const code of new Set(touched)) {
      const held = this.tables.accounts.get(code)?.held;
      let reserved = 0n;
      for (const hold of holds.values()) if (hold.account === code) reserved += remainingOf(hold);
      need(reserved === held, 'an account holds what its holds reserve');
    }
  }

  private putCommands(rows: BatchRows): void {
    let next = 0;
    for (const command of rows.commands) {
      const end = next + command.transferCount;
      const known = toKnown(rows, command, next);
      this.tables.known.set(command.id, known);
      if (known.result.outcome === 'posted') this.tables.transfers.push(...known.result.transfers);
      next = end;
    }
    need(next === rows.transfers.length, 'every transfer is of a command');
  }

  private needLinks({ before, after, seal, transfers }: BatchRows): void {
    const { head } = this.tables;
    need(before.hash === head.hash, 'a batch stands on the hash of the last one');
    need(seal.previous === head.hash && seal.hash === after.hash, 'a batch is sealed');
    const last = head.lastSeq + BigInt(transfers.length);
    need(after.lastSeq === last, 'numbers of transfers have no gap');
  }
}

/** The answer as the database tells it later: out of the rows, and nothing else. */
function toKnown(rows: BatchRows, command: CommandRow, first: number): KnownCommand {
  const { id, kind, refusal, answer, transferCount, firstSeq } = command;
  need(firstSeq === rows.before.lastSeq + BigInt(first) + 1n, 'a command knows its transfers');
  const common = {
    commandId: id,
    batch: rows.after.batch.toString(),
    bookedAt: rows.after.at.toISOString(),
  };
  const transfers = rows.transfers
    .slice(first, first + transferCount)
    .map((transfer, index) =>
      toPostedTransfer(firstSeq + BigInt(index), { ...transfer, currency: 'EUR' }),
    );
  const more = answer === null ? null : (JSON.parse(answer) as LedgerAnswer);
  const result: LedgerResult =
    refusal === null
      ? { outcome: 'posted', ...common, transfers, ...more }
      : { outcome: 'refused', ...common, ...(JSON.parse(refusal) as LedgerRefusal) };
  return { id, kind, contentSha256: contentSha256(command.content), result };
}

function needClosed({ balance, held, terms }: AccountState, was: AccountState | undefined): void {
  if (terms?.condition === 'closed') {
    need(balance === 0n && held === 0n, 'a closed account is empty');
  } else need(was?.terms?.condition !== 'closed', 'a closed account stays closed');
}

function byExpiry(a: HoldState, b: HoldState): number {
  const [first, second] = [a.expiresAt?.getTime() ?? Infinity, b.expiresAt?.getTime() ?? Infinity];
  if (first !== second) return first < second ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
