import type {
  BatchDetail,
  BatchState,
  BatchSummary,
  CountAndSum,
  PayoutSummary,
} from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import { PAYOUT_SUMMARY, type PayoutSummaryRow, toPayoutSummary } from './payout-rows.js';

interface BatchRow {
  readonly id: string;
  readonly state: BatchState;
  readonly maker: string;
  readonly checker: string | null;
  readonly maker_name: string | null;
  readonly checker_name: string | null;
  readonly file_sha256: string;
  readonly execution_day: string;
  readonly created_at: Date;
  readonly count: number;
  readonly sum_minor: string;
}

interface ChangedPayeeRow {
  readonly merchant_id: string;
  readonly iban_last4: string;
  readonly before_last4: string;
  readonly until: Date;
}

interface TodayRow {
  readonly name: 'toApprove' | 'inFlight' | 'returned' | 'toPrepare';
  readonly count: number;
  readonly sum_minor: string;
}

export type TodayCounts = Readonly<Record<TodayRow['name'], CountAndSum>>;

const BATCHES = `select b.id, b.state, b.maker, b.checker, b.maker_name, b.checker_name, b.file_sha256,
    b.execution_date::text as execution_day, b.created_at, p.count, p.sum_minor
  from payout.batch b,
    lateral (select count(*)::int as count, coalesce(sum(amount_minor), 0)::text as sum_minor
             from payout.payout where batch_id = b.id) p`;

const CHANGED_PAYEES = `select distinct on (p.merchant_id) p.merchant_id, p.payee_iban_last4 as iban_last4,
    y.iban_last4 as before_last4, y.until
  from payout.payout p join payout.batch b on b.id = p.batch_id join payout.past_payee y on y.merchant_id = p.merchant_id
  where p.batch_id = $1 and y.until > b.created_at - interval '72 hours' and y.until <= b.created_at
  order by p.merchant_id, y.id desc`;

/** A payout that holds its settlement: another one for it cannot be made. */
const LIVE = `p.state not in ('refused', 'rejected', 'returned')`;
const TODAY = `
  select 'toApprove' as name, count(distinct p.batch_id)::int as count, coalesce(sum(p.amount_minor), 0)::text as sum_minor
    from payout.payout p where p.state = 'prepared'
  union all select 'inFlight', count(*)::int, coalesce(sum(p.amount_minor), 0)::text
    from payout.payout p where p.state in ('approved', 'exported')
  union all select 'returned', count(*)::int, coalesce(sum(p.amount_minor), 0)::text from payout.payout p
    where p.state in ('rejected', 'returned') and not exists
      (select 1 from payout.payout q where q.settlement_id = p.settlement_id and q.id > p.id and q.state <> 'refused')
  union all select 'toPrepare', count(*)::int, coalesce(sum(s.amount_minor), 0)::text from payout.settlement s
    where s.state = 'closed' and not exists (select 1 from payout.payout p where p.settlement_id = s.id and ${LIVE})`;
const NOTHING: CountAndSum = { count: 0, sumMinor: '0' };

/** What finance sees. */
export class FinanceView {
  constructor(private readonly database: Database) {}

  async today(): Promise<TodayCounts> {
    const rows = await this.database.query<TodayRow>(TODAY);
    const of = (name: TodayRow['name']): CountAndSum => {
      const row = rows.find((each) => each.name === name);
      return row === undefined ? NOTHING : { count: row.count, sumMinor: row.sum_minor };
    };
    return {
      toApprove: of('toApprove'),
      inFlight: of('inFlight'),
      returned: of('returned'),
      toPrepare: of('toPrepare'),
    };
  }

  /** Newest first, those older than `before`. */
  async batches(page: {
    before: string | null;
    state: string | null;
    limit: number;
  }): Promise<readonly BatchSummary[]> {
    const rows = await this.database.query<BatchRow>(
      `${BATCHES} where ($1::text is null or b.id < $1) and ($2::text is null or b.state = $2)
       order by b.id desc limit $3`,
      [page.before, page.state, page.limit],
    );
    return rows.map(toBatchSummary);
  }

  /** The batch, and the ids under which maker and checker signed in. */
  async batch(
    id: string,
  ): Promise<{ summary: BatchSummary; makerId: string; checkerId: string | null } | undefined> {
    const [row] = await this.database.query<BatchRow>(`${BATCHES} where b.id = $1`, [id]);
    if (row === undefined) return undefined;
    return { summary: toBatchSummary(row), makerId: row.maker, checkerId: row.checker };
  }

  /** Accounts of the batch that changed in the three days before it was made, and what they were. */
  async changedPayees(batchId: string): Promise<BatchDetail['changedPayees']> {
    const rows = await this.database.query<ChangedPayeeRow>(CHANGED_PAYEES, [batchId]);
    return rows.map((row) => ({
      merchantId: row.merchant_id,
      ibanLast4: row.iban_last4,
      beforeLast4: row.before_last4,
      changedAt: row.until.toISOString(),
    }));
  }

  async payoutsOfBatch(batchId: string): Promise<readonly PayoutSummary[]> {
    const rows = await this.database.query<PayoutSummaryRow>(
      `${PAYOUT_SUMMARY} where p.batch_id = $1 order by p.id`,
      [batchId],
    );
    return rows.map(toPayoutSummary);
  }

  async payout(id: string): Promise<PayoutSummary | undefined> {
    const [row] = await this.database.query<PayoutSummaryRow>(`${PAYOUT_SUMMARY} where p.id = $1`, [
      id,
    ]);
    return row === undefined ? undefined : toPayoutSummary(row);
  }
}

function toBatchSummary(row: BatchRow): BatchSummary {
  return {
    batchId: row.id,
    state: row.state,
    maker: row.maker_name ?? row.maker,
    checker: row.checker_name ?? row.checker,
    fileSha256: row.file_sha256,
    executionDate: row.execution_day,
    createdAt: row.created_at.toISOString(),
    count: row.count,
    sumMinor: row.sum_minor,
  };
}
