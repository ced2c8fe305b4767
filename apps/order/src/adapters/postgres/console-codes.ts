import type { CounterCodeSummary } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import { counterCodeState } from '../../domain/counter-code.js';
import { COUNTER_CODE, type CounterCodeRow, toCounterCode } from './counter-rows.js';

interface SummaryRow extends CounterCodeRow {
  readonly merchant_name: string;
  readonly paid_count: number;
  readonly paid_minor: string;
}

export interface CodesPage {
  readonly mchid: string;
  readonly kind: CounterCodeSummary['kind'];
  /** Code id: only what is older. */
  readonly before: string | null;
  readonly limit: number;
  readonly now: Date;
}

/** A merchant's printed codes and payment links, with what came in through each. */
export class PostgresConsoleCodes {
  constructor(
    private readonly database: Database,
    private readonly publicUrl: string,
  ) {}

  /** Newest first: ids sort by age. */
  async page(page: CodesPage): Promise<readonly CounterCodeSummary[]> {
    const codes = `${COUNTER_CODE} where c.mchid = $1 and c.kind = $2
      and ($3::text is null or c.id < $3) order by c.id desc limit $4`;
    const values = [page.mchid, page.kind, page.before, page.limit];
    return this.read(codes, values, page.now);
  }

  async one(mchid: string, id: string, now: Date): Promise<CounterCodeSummary | undefined> {
    const codes = `${COUNTER_CODE} where c.mchid = $1 and c.id = $2`;
    return (await this.read(codes, [mchid, id], now))[0];
  }

  private async read(
    codes: string,
    values: readonly unknown[],
    now: Date,
  ): Promise<readonly CounterCodeSummary[]> {
    const rows = await this.database.query<SummaryRow>(
      `select c.*, m.name as merchant_name, paid.count as paid_count, paid.sum_minor as paid_minor
       from (${codes}) c join orders.merchant m on m.mchid = c.mchid
       cross join lateral (
         select count(*)::int as count, coalesce(sum(o.amount_minor), 0)::bigint as sum_minor
         from orders.counter_order k join orders.payment_order o on o.id = k.order_id
         where k.code_id = c.id and o.paid_at is not null) paid
       order by c.id desc`,
      values,
    );
    return rows.map((row) => this.shown(row, now));
  }

  private shown(row: SummaryRow, now: Date): CounterCodeSummary {
    const code = toCounterCode(row);
    return {
      ...{ codeId: code.id, kind: code.kind, description: code.description },
      merchantName: row.merchant_name,
      ...{ state: counterCodeState(code, row.paid_count, now) },
      ...{ url: `${this.publicUrl}/q/${code.code}`, amountMinor: row.amount_minor },
      ...{ minMinor: row.min_minor, maxMinor: row.max_minor, paymentsMax: code.paymentsMax },
      ...{ expiresAt: code.expiresAt?.toISOString() ?? null },
      ...{ createdAt: code.createdAt.toISOString() },
      ...{ paidCount: row.paid_count, paidMinor: row.paid_minor },
    };
  }
}
