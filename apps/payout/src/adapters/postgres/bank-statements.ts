import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { Money } from '@stuiver/money';
import type { KeyStore } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { OUR_BANK } from '../../use-cases/intents.js';
import type {
  KeptStatement,
  LineDetails,
  NewLine,
  NewStatement,
  StatementRead,
  StatementStore,
  StatementWrites,
} from '../../use-cases/recon-ports.js';
import { insertBankFile } from './bank-files.js';

interface StatementRow {
  readonly id: string;
  readonly iban: string;
  readonly sequence: string | null;
  readonly first_day: string;
  readonly last_day: string;
  readonly opening_minor: string;
  readonly closing_minor: string;
  readonly line_count: number;
  readonly imported_at: Date;
}

type SealedDetails = ReadonlyMap<string, Buffer>;

const STATEMENT = `select id, iban, sequence, from_day::text as first_day, to_day::text as last_day, opening_minor,
  closing_minor, line_count, imported_at from payout.bank_statement`;

/** Statements as the bank gave them. What names people stays sealed. */
export class PostgresStatements implements StatementStore {
  constructor(
    private readonly database: Database,
    private readonly keys: Pick<KeyStore, 'seal' | 'open'>,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async ofFile(sha256: string): Promise<readonly KeptStatement[]> {
    const sql = `${STATEMENT} where file_sha256 = $1 order by to_day`;
    return (await this.database.query<StatementRow>(sql, [sha256])).map(toStatement);
  }

  async importFile(
    file: { sha256: string; content: Uint8Array; by: string; at: Date },
    statements: readonly NewStatement[],
    work: (writes: StatementWrites) => Promise<void>,
  ): Promise<void> {
    // Sealed first: the key store may be far away, and no such call belongs into a transaction.
    const content = await this.keys.seal(`bank-file:${file.sha256}`, file.content);
    const sealed = new Map<string, Buffer>();
    for (const line of statements.flatMap(({ lines, openingLine }) => [openingLine, ...lines])) {
      if (line !== null) sealed.set(line.id, await this.sealed(line.id, line.details));
    }
    await this.database.run(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('payout.bank_statement'))`);
      // The same file at the same moment: the other one does it.
      if (!(await insertBankFile(tx, file, content))) return;
      await work(new Writes(tx, sealed));
      const subject = { kind: 'bank-file', id: file.sha256 } as const;
      const ids = statements.map(({ statementId }) => statementId);
      const after = { statements: ids, lines: sealed.size };
      await this.trail.append(tx, { act: 'statement-imported', subject, after });
    });
  }

  async open(lineId: string, sealed: Buffer): Promise<LineDetails> {
    const plain = await this.keys.open(purposeOf(lineId), sealed);
    return JSON.parse(Buffer.from(plain).toString('utf8')) as LineDetails;
  }

  /** Newest first. */
  async list(page: { before: string | null; limit: number }): Promise<readonly KeptStatement[]> {
    const rows = await this.database.query<StatementRow>(
      `${STATEMENT} where $1::text is null or id < $1 order by id desc limit $2`,
      [page.before, page.limit],
    );
    return rows.map(toStatement);
  }

  async find(id: string): Promise<KeptStatement | undefined> {
    const [row] = await this.database.query<StatementRow>(`${STATEMENT} where id = $1`, [id]);
    return row === undefined ? undefined : toStatement(row);
  }

  private async sealed(lineId: string, details: LineDetails): Promise<Buffer> {
    const plain = Buffer.from(JSON.stringify(details), 'utf8');
    return Buffer.from(await this.keys.seal(purposeOf(lineId), plain));
  }
}

class Writes implements StatementWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly sealed: SealedDetails,
  ) {}

  async lockLast(iban: string): Promise<KeptStatement | undefined> {
    const [row] = await this.tx.query<StatementRow[]>(
      `${STATEMENT} where iban = $1 order by to_day desc limit 1`,
      [iban],
    );
    return row === undefined ? undefined : toStatement(row);
  }

  async sameAs(statement: StatementRead): Promise<KeptStatement | undefined> {
    const { iban, sequence, fromDay, toDay } = statement;
    const [row] = await this.tx.query<StatementRow[]>(
      `${STATEMENT} where iban = $1 and ((from_day <= $4 and to_day >= $3)
         or (sequence = $2 and extract(year from to_day) = extract(year from $4::date))) order by to_day limit 1`,
      [iban, sequence === null ? null : String(sequence), fromDay, toDay],
    );
    return row === undefined ? undefined : toStatement(row);
  }

  async insert(statement: NewStatement, fileSha256: string, at: Date): Promise<void> {
    const { statementId, opening, closing, lines } = statement;
    const entries = lines.filter(({ kind }) => kind === 'entry');
    const total = entries.reduce((sum, { amount }) => sum.plus(amount), Money.zero('EUR'));
    await this.tx.query(
      `insert into payout.bank_statement (id, file_sha256, bank, iban, bank_reference, sequence, from_day, to_day, currency,
         opening_minor, closing_minor, lines_total_minor, line_count, made_at, imported_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        ...[statementId, fileSha256, OUR_BANK, statement.iban, statement.id],
        ...[statement.sequence === null ? null : String(statement.sequence)],
        ...[statement.fromDay, statement.toDay, opening.currency],
        ...[String(opening.minor), String(closing.minor), String(total.minor)],
        ...[entries.length, statement.createdAt, at],
      ],
    );
    for (const line of lines) await this.insertLine(statementId, line);
  }

  private async insertLine(statementId: string, line: NewLine): Promise<void> {
    await this.tx.query(
      `insert into payout.bank_line (id, statement_id, no, kind, amount_minor, currency, booked_on, end_to_end_id,
         payment_information_id, transaction_count, return_reason, details_sealed, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'new')`,
      [
        ...[line.id, statementId, line.no, line.kind],
        ...[String(line.amount.minor), line.amount.currency, line.bookedOn],
        ...[line.endToEndId, line.paymentInformationId, line.transactionCount, line.returnReason],
        this.sealed.get(line.id),
      ],
    );
  }
}

function purposeOf(lineId: string): string {
  return `bank-line:${lineId}`;
}

function toStatement(row: StatementRow): KeptStatement {
  return {
    statementId: row.id,
    iban: row.iban,
    sequence: row.sequence === null ? null : BigInt(row.sequence),
    fromDay: row.first_day,
    toDay: row.last_day,
    opening: Money.ofMinor(BigInt(row.opening_minor), 'EUR'),
    closing: Money.ofMinor(BigInt(row.closing_minor), 'EUR'),
    lineCount: row.line_count,
    importedAt: row.imported_at,
  };
}
