import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { firstDayOf, lastBusinessDayOf, type Month, nextMonth } from '../../domain/month.js';
import { startOfDay } from '../../domain/t2-calendar.js';
import type {
  MonthClose,
  MonthFinding,
  MonthStore,
  MonthWrites,
} from '../../use-cases/month-ports.js';
import type { Person } from '../../use-cases/ports.js';
import { saveApproval } from './approvals.js';

interface MonthRow {
  readonly month: Month;
  readonly state: MonthClose['state'];
  readonly sha256: string;
  readonly findings: readonly MonthFinding[];
  readonly note: string | null;
  readonly maker: string;
  readonly maker_name: string | null;
  readonly prepared_at: Date;
  readonly checker: string | null;
  readonly checker_name: string | null;
  readonly agreed_at: Date | null;
  readonly closed_at: Date | null;
  readonly final_trial_balance: string | null;
  readonly final_sha256: string | null;
}

const MONTHS = `select month, state, sha256, findings, note, maker, maker_name, prepared_at, checker, checker_name,
  agreed_at, closed_at, final_trial_balance, final_sha256 from payout.month_close`;

/** $1 the month's last business day, $2 when the next month begins, $3 now, $4 our account, $5 whether it is used. */
const FINDINGS = `
  select 'statement-missing' as finding where $5 and not exists (select 1 from payout.bank_statement s
    where s.iban = $4 and s.to_day >= $1::date)
  union all select 'exceptions-open' where exists (select 1 from payout.open_item o
    where o.resolved_at is null and o.since < $2 and (o.due_at is null or o.due_at <= $3))
  union all select 'tie-out-differs' where not coalesce(
    (select t.explained from payout.tie_out t order by t.at desc limit 1), true)
  union all select 'not-booked-yet' where exists (select 1 from payout.recorded_command c
    where c.booked_at is null and (c.content->>'effectiveAt')::timestamptz < $2)`;

/** How months were closed. */
export class PostgresMonthCloses implements MonthStore {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
    /** Of the account that pays. */
    private readonly iban: string,
  ) {}

  run<T>(work: (writes: MonthWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.trail)));
  }

  async find(month: Month): Promise<MonthClose | undefined> {
    const [row] = await this.database.query<MonthRow>(`${MONTHS} where month = $1`, [month]);
    return row === undefined ? undefined : toMonthClose(row);
  }

  async list(): Promise<readonly MonthClose[]> {
    const rows = await this.database.query<MonthRow>(`${MONTHS} order by month desc`);
    return rows.map(toMonthClose);
  }

  async unfinished(): Promise<readonly Month[]> {
    const rows = await this.database.query<{ month: Month }>(
      `select month from payout.month_close where state = 'closing' order by month`,
    );
    return rows.map(({ month }) => month);
  }

  async findings(month: Month, at: Date, usesBank: boolean): Promise<readonly MonthFinding[]> {
    const next = startOfDay(firstDayOf(nextMonth(month)));
    const rows = await this.database.query<{ finding: MonthFinding }>(FINDINGS, [
      ...[lastBusinessDayOf(month), next, at, this.iban, usesBank],
    ]);
    return rows.map(({ finding }) => finding);
  }
}

class Writes implements MonthWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async lock(month: Month): Promise<MonthClose | undefined> {
    // Also when there is no row yet.
    await this.tx.query(`select pg_advisory_xact_lock(hashtext('payout.month_close'))`);
    const [row] = await this.tx.query<MonthRow[]>(`${MONTHS} where month = $1 for update`, [month]);
    return row === undefined ? undefined : toMonthClose(row);
  }

  async savePrepared(prepared: Parameters<MonthWrites['savePrepared']>[0]): Promise<void> {
    const { month, csv, findings, note, by, at } = prepared;
    await this.tx.query(
      `insert into payout.month_close (month, state, trial_balance, findings, note, maker, maker_name, prepared_at)
       values ($1, 'prepared', $2, $3, $4, $5, $6, $7)
       on conflict (month) do update set trial_balance = excluded.trial_balance, findings = excluded.findings,
         note = excluded.note, maker = excluded.maker, maker_name = excluded.maker_name, prepared_at = excluded.prepared_at`,
      [month, csv, findings, note, by.id, by.name, at],
    );
  }

  async saveAgreed(
    { month, sha256: hash }: MonthClose,
    { by, at }: { by: Person; at: Date },
  ): Promise<void> {
    const ask = <Row>(sql: string, parameters: unknown[]): Promise<Row[]> =>
      this.tx.query<Row[]>(sql, parameters);
    await saveApproval(ask, 'month-close', { subject: month, hash, by, at });
    await this.tx.query(
      `update payout.month_close set state = 'closing', checker = $2, checker_name = $3, agreed_at = $4 where month = $1`,
      [month, by.id, by.name, at],
    );
  }

  async saveClosed(month: Month, { csv, at }: { csv: string; at: Date }): Promise<void> {
    await this.tx.query(
      `update payout.month_close set state = 'closed', final_trial_balance = $2, closed_at = $3 where month = $1`,
      [month, csv, at],
    );
  }

  async audit(entry: AuditEntry): Promise<void> {
    await this.trail.append(this.tx, entry);
  }
}

function toMonthClose(row: MonthRow): MonthClose {
  const { month, state, sha256, findings, note, final_trial_balance: csv } = row;
  return {
    ...{ month, state, sha256, findings, note },
    maker: { id: row.maker, name: row.maker_name },
    preparedAt: row.prepared_at,
    checker: row.checker === null ? null : { id: row.checker, name: row.checker_name },
    agreedAt: row.agreed_at,
    closedAt: row.closed_at,
    final: csv === null ? null : { csv, sha256: row.final_sha256 ?? '' },
  };
}
