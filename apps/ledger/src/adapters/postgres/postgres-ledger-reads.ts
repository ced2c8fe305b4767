import type { AccountView, StatementLine, TrialBalance } from '@stuiver/contracts';
import type { Database } from '@stuiver/postgres';
import type { LedgerReads, StatementPage } from '../../use-cases/ledger-reads.js';
import { momentsOf } from './moments-of.js';

interface AccountRow {
  readonly code: string;
  readonly currency: 'EUR';
  readonly normal_side: 'debit' | 'credit';
  readonly balance_minor: string;
  readonly held_minor: string;
  readonly version: string;
}

type StatementRow = Omit<StatementLine, 'effectiveAt' | 'bookedAt'> & {
  readonly effectiveAt: Date;
  readonly bookedAt: Date;
};

const ACCOUNT_COLUMNS = 'code, currency, normal_side, balance_minor, held_minor, version';

/** Each side by its own unique index, so a page costs the same at the end of a million lines. */
const STATEMENT_SQL = `
  with line as (
    (select t.*, 'debit' as side, t.debit_version as version, t.debit_after as after, t.credit as counter
       from ledger.transfer t
      where t.debit = (select id from ledger.account where code = $1) and t.debit_version > $2
      order by t.debit_version limit $3)
    union all
    (select t.*, 'credit' as side, t.credit_version as version, t.credit_after as after, t.debit as counter
       from ledger.transfer t
      where t.credit = (select id from ledger.account where code = $1) and t.credit_version > $2
      order by t.credit_version limit $3)
    order by version limit $3)
  select line.version, line.seq, line.side, line.amount_minor as "amountMinor", line.after as "balanceAfterMinor",
         counter.code as "counterAccount", line.purpose, line.command_id as "commandId", command.kind as "commandKind",
         line.effective_at as "effectiveAt", command.content->>'effectiveAt' as "ownEffectiveAt", batch.at as "bookedAt"
    from line
    join ledger.account counter on counter.id = line.counter
    join ledger.command command on command.id = line.command_id
    join ledger.batch batch on batch.no = line.batch
   order by line.version`;

/** Over the accounts' own columns; that these are the sums of their entries is for the verifier to say. */
const TOTALS_SQL = `
  select coalesce(sum(balance_minor) filter (where normal_side = 'debit'), 0)::text as debit,
         coalesce(sum(balance_minor) filter (where normal_side = 'credit'), 0)::text as credit
    from ledger.account`;

export class PostgresLedgerReads implements LedgerReads {
  constructor(private readonly database: Database) {}

  async account(code: string): Promise<AccountView | null> {
    const [row] = await this.database.query<AccountRow>(
      `select ${ACCOUNT_COLUMNS} from ledger.account where code = $1`,
      [code],
    );
    return row === undefined ? null : toView(row);
  }

  async statement(code: string, page: StatementPage): Promise<readonly StatementLine[]> {
    const rows = await this.database.query<StatementRow>(STATEMENT_SQL, [
      code,
      page.afterVersion,
      page.limit,
    ]);
    return rows.map((row) => ({ ...row, ...momentsOf(row) }));
  }

  trialBalance(accountsMax: number): Promise<TrialBalance> {
    return this.database.run(async (tx) => {
      await tx.query('set transaction isolation level repeatable read, read only');
      const [totals] = await tx.query<{ debit: string; credit: string }[]>(TOTALS_SQL);
      const rows = await tx.query<AccountRow[]>(
        `select ${ACCOUNT_COLUMNS} from ledger.account order by owner <> 'operator', code limit $1`,
        [accountsMax],
      );
      const { debit = '0', credit = '0' } = totals ?? {};
      return {
        currency: 'EUR',
        debitMinor: debit,
        creditMinor: credit,
        differenceMinor: (BigInt(debit) - BigInt(credit)).toString(),
        accounts: rows.map(toView),
      };
    });
  }
}

function toView(row: AccountRow): AccountView {
  return {
    account: row.code,
    currency: row.currency,
    normalSide: row.normal_side,
    balanceMinor: row.balance_minor,
    heldMinor: row.held_minor,
    version: row.version,
  };
}
