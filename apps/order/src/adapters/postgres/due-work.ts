import type { Database } from '@stuiver/postgres';
import type { DueWork, Take } from '../../use-cases/ports.js';

/** Rows whose time has come, each taken under a lease. */
export class PostgresDueWork implements DueWork {
  constructor(private readonly database: Database) {}

  takeAttempts(take: Take): Promise<readonly string[]> {
    return this.take('orders.attempt', 'ask_at', take);
  }

  takeRefunds(take: Take): Promise<readonly string[]> {
    return this.take('orders.refund', 'work_at', take);
  }

  takeTopUps(take: Take): Promise<readonly string[]> {
    return this.take('orders.top_up', 'ask_at', take);
  }

  takeDisputes(take: Take): Promise<readonly string[]> {
    return this.take('orders.dispute', 'ask_at', take);
  }

  /** An order whose payment is under way waits: its attempt is asked about when the order's time is over. */
  async expiredOrders(take: Take): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select o.id from orders.payment_order o
       where o.state = 'NOTPAY' and o.expires_at <= $1 and not exists (
         select 1 from orders.attempt a
         where a.order_id = o.id and a.state in ('confirming', 'redirected', 'unknown'))
       order by o.expires_at limit $2`,
      [take.now, take.limit],
    );
    return rows.map((row) => row.id);
  }

  async overdueReviews(take: Take): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select id from orders.risk_review where state = 'waiting' and deadline_at <= $1
       order by deadline_at limit $2`,
      [take.now, take.limit],
    );
    return rows.map((row) => row.id);
  }

  async makeAllDue(now: Date): Promise<void> {
    await this.database.query('update orders.attempt set ask_at = $1 where ask_at > $1', [now]);
    await this.database.query('update orders.refund set work_at = $1 where work_at > $1', [now]);
    await this.database.query('update orders.top_up set ask_at = $1 where ask_at > $1', [now]);
    await this.database.query('update orders.dispute set ask_at = $1 where ask_at > $1', [now]);
    await this.database.query('update orders.psp_inbox set work_at = $1 where work_at > $1', [now]);
  }

  /** @param table,due  ours, never from outside. */
  private async take(
    table: `orders.${'attempt' | 'refund' | 'top_up' | 'dispute'}`,
    due: 'ask_at' | 'work_at',
    take: Take,
  ): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `update ${table} set ${due} = $3 where id in (
         select id from ${table} where ${due} <= $1 order by ${due} limit $2
         for update skip locked)
       returning id`,
      [take.now, take.limit, take.leaseUntil],
    );
    return rows.map((row) => row.id);
  }
}
