import { createHash } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import type { Clock, CrashPoints, Random } from '@stuiver/ports';
import { objectionToFollowing } from '../domain/statement-order.js';
import type {
  EntryRead,
  KeptStatement,
  NewLine,
  NewStatement,
  OpenItems,
  StatementRead,
  StatementReader,
  StatementStore,
  StatementWrites,
} from './recon-ports.js';

export interface Imported {
  readonly statements: readonly KeptStatement[];
  /** The very same file was here before: nothing happened. */
  readonly repeated: boolean;
}

/** Thrown inside the transaction, so that it writes nothing. */
class AlreadyIn extends Error {
  override readonly name = 'AlreadyIn';
  constructor(
    readonly kept: KeptStatement,
    readonly told: StatementRead,
  ) {
    super('the statement is imported already');
  }
}

/**
 * Takes the bank's statements of our account, whole or not at all: they must follow the last one in days, number and
 * money. What its lines are is looked at later. The file itself is kept sealed, its hash in the clear.
 */
export class ImportStatement {
  constructor(
    private readonly store: StatementStore,
    private readonly items: Pick<OpenItems, 'add'>,
    private readonly tools: {
      read: StatementReader;
      /** Ours. */
      iban: string;
      clock: Clock;
      random: Random;
      crash: CrashPoints;
      wake: () => void;
    },
  ) {}

  /**
   * @throws Refusal PARAM_ERROR when the file cannot be read, is of another account, or does not follow; STATE_CONFLICT
   *   when another file told of the same number or days, which stays as an open item.
   */
  async run(file: { content: Uint8Array; by: string }): Promise<Imported> {
    const sha256 = createHash('sha256').update(file.content).digest('hex');
    const before = await this.store.ofFile(sha256);
    if (before.length > 0) return { statements: before, repeated: true };
    const at = this.tools.clock.now();
    const statements = this.tools.read(file.content).map((read) => this.numbered(read, at));
    for (const { iban } of statements) this.needOurs(iban);
    try {
      await this.store.importFile({ ...file, sha256, at }, statements, async (writes) => {
        for (const statement of statements) await insertNext(writes, { statement, sha256, at });
      });
    } catch (error) {
      if (error instanceof AlreadyIn) await this.refuseTwin(error, at);
      throw error;
    }
    this.tools.crash.pass('payout.statement-imported');
    this.tools.wake();
    return { statements: await this.store.ofFile(sha256), repeated: false };
  }

  private needOurs(iban: string): void {
    if (iban === this.tools.iban) return;
    const facts = { field: 'Stmt/Acct/Id/IBAN', rule: 'is not our account', why: 'other-account' };
    throw new Refusal('PARAM_ERROR', facts);
  }

  private async refuseTwin({ kept, told }: AlreadyIn, at: Date): Promise<never> {
    const rule = `another file told of ${told.fromDay} to ${told.toDay}, number ${String(told.sequence ?? 'none')}, already`;
    await this.items.add({
      kind: 'duplicate-statement',
      subject: `statement:${kept.statementId}`,
      explanation: `${rule}; the second one, ${told.id}, was refused: compare the two`,
      at,
    });
    const facts = { rule, why: 'statement-twice', statement: kept.statementId };
    throw new Refusal('STATE_CONFLICT', facts);
  }

  private numbered(read: StatementRead, at: Date): NewStatement {
    const lines = read.entries.flatMap(linesOf).filter(({ amount }) => amount.minor !== 0n);
    return {
      ...read,
      statementId: newId('BankStatement', at, this.tools.random),
      openingLine: openingLineOf(newId('BankLine', at, this.tools.random), read),
      lines: lines.map((line, index) => ({
        ...line,
        id: newId('BankLine', at, this.tools.random),
        no: index + 1,
      })),
    };
  }
}

async function insertNext(
  writes: StatementWrites,
  next: { statement: NewStatement; sha256: string; at: Date },
): Promise<void> {
  const { statement, sha256, at } = next;
  const last = await writes.lockLast(statement.iban);
  const twin = await writes.sameAs(statement);
  if (twin !== undefined) throw new AlreadyIn(twin, statement);
  const objection = last === undefined ? undefined : objectionToFollowing(last, statement);
  if (objection !== undefined) throw new Refusal('PARAM_ERROR', { ...objection });
  const { openingLine, lines } = statement;
  const isFirst = last === undefined && openingLine !== null;
  await writes.insert(
    isFirst ? { ...statement, lines: [openingLine, ...lines] } : statement,
    sha256,
    at,
  );
}

/** What was on the account before our first statement is on the books too: a line of its own, until a person says what. */
function openingLineOf(id: string, read: StatementRead): NewLine | null {
  if (read.opening.minor === 0n) return null;
  return {
    ...{ id, kind: 'opening', no: 0, amount: read.opening, bookedOn: read.fromDay },
    ...{ endToEndId: null, paymentInformationId: null, transactionCount: null, returnReason: null },
    details: NOTHING_SAID,
  };
}

/** One line per transaction, so that each is placed by itself; a batch that names none of them stays one line. */
function linesOf(entry: EntryRead): Omit<NewLine, 'id' | 'no'>[] {
  const { transactions, paymentInformationId, bookedOn } = entry;
  const common = { kind: 'entry', bookedOn, paymentInformationId } as const;
  const isWhole =
    transactions.length === 0 ||
    (paymentInformationId !== null && transactions.every(({ endToEndId }) => endToEndId === null));
  if (!isWhole) {
    return transactions.map(({ amount, endToEndId, returnReason, ...details }) => ({
      ...{ ...common, amount, endToEndId, returnReason, transactionCount: 1 },
      details: detailsOf(details),
    }));
  }
  const count = transactions.length === 0 ? null : transactions.length;
  const [only] = transactions.length === 1 ? transactions : [];
  return [
    {
      ...{ ...common, amount: entry.amount, endToEndId: null, transactionCount: count },
      returnReason: only?.returnReason ?? null,
      details: detailsOf(only ?? NOTHING_SAID),
    },
  ];
}

const NOTHING_SAID = { remittance: null, counterpartyName: null, counterpartyIban: null };

function detailsOf(said: NewLine['details']): NewLine['details'] {
  const { remittance, counterpartyName, counterpartyIban } = said;
  return { remittance, counterpartyName, counterpartyIban };
}
