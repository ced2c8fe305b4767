import { eventually, joinDatabase, type RunningStuiver } from '@stuiver/testing';

type Database = Awaited<ReturnType<typeof joinDatabase>>;

const SETTLED_MS_MAX = 120_000;

/** What waits for a moment, and the column that says for which. */
const WAITING = [
  ['orders.attempt', 'ask_at'],
  ['orders.refund', 'work_at'],
  ['orders.psp_inbox', 'work_at'],
] as const;
const EXPIRING = ['orders.payment_order', 'orders.prepay'] as const;

/**
 * Minutes that pass without anybody waiting: everything that waits for a moment comes so much nearer to it, and then
 * what has come due is let finish. Nothing is asked sooner or more often than its ladder says.
 */
export class SimulatedTime {
  private constructor(private readonly database: Database) {}

  static async of({ dataDir }: RunningStuiver): Promise<SimulatedTime> {
    return new SimulatedTime(await joinDatabase(dataDir));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  async pass(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 1) {
      for (const [table, column] of WAITING) await this.bringNearer(table, column, 1);
      await this.settle();
    }
  }

  /** Every order's time is over. */
  async expire(minutes: number): Promise<void> {
    for (const table of EXPIRING) await this.bringNearer(table, 'expires_at', minutes);
    for (const [table, column] of WAITING) await this.bringNearer(table, column, minutes);
    await this.settle();
  }

  /** Attempts that are out of our hands, in a state that no bank page explains. */
  async unexplained(): Promise<readonly { number: string; state: string }[]> {
    return this.database.query<{ number: string; state: string }>(
      `select o.out_trade_no as number, a.state from orders.attempt a
         join orders.payment_order o on o.id = a.order_id
       where a.state in ('confirming', 'unknown')`,
    );
  }

  private async bringNearer(table: string, column: string, minutes: number): Promise<void> {
    await this.database.query(
      `update ${table} set ${column} = ${column} - make_interval(mins => $1) where ${column} is not null`,
      [minutes],
    );
  }

  private async hasExpired(): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from orders.payment_order where state = 'NOTPAY' and expires_at <= now() limit 1`,
    );
    return rows.length > 0;
  }

  /** Nothing is due, and nothing that was due is under way. */
  private async settle(): Promise<void> {
    await eventually(
      'what came due is done',
      async () => {
        for (const [table, column] of WAITING) {
          const [row] = await this.database.query<{ due: number }>(
            `select count(*)::int as due from ${table} where ${column} <= now()`,
          );
          if (row?.due !== 0) return false;
        }
        return !(await this.hasExpired());
      },
      SETTLED_MS_MAX,
    );
  }
}
