import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { AuditAct } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { invariant } from '@stuiver/errors';
import type { Erasure, ErasureStore, InFlight, PayerTraces } from '../../use-cases/erase-person.js';

const ERASURE = `select user_id as "userId", id, begun_at as "begunAt", erased_at as "erasedAt"
  from people.erasure`;
/** In this order: each row names the person. */
const OF_A_PERSON = ['session', 'pin', 'recovery', 'person_key', 'person'];

/** Erasures in schema `people`, as its own role. */
export class PostgresErasures implements ErasureStore {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async erasure(userId: string): Promise<Erasure | undefined> {
    const [row] = await this.database.query<Erasure>(`${ERASURE} where user_id = $1`, [userId]);
    return row;
  }

  async unfinishedErasures(limit: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ user_id: string }>(
      'select user_id from people.erasure where erased_at is null order by begun_at limit $1',
      [limit],
    );
    return rows.map((row) => row.user_id);
  }

  async beginErasure({
    userId,
    id,
    begunAt,
  }: Omit<Erasure, 'erasedAt'>): Promise<Erasure | undefined> {
    await this.database.run(async (tx) => {
      const begun = await tx.query<unknown[]>(
        `insert into people.erasure (user_id, id, begun_at)
         select p.user_id, $2, $3 from people.person p where p.user_id = $1 on conflict do nothing
         returning id`,
        [userId, id, begunAt],
      );
      if (begun.length === 1) await this.record(tx, 'person-erasure-begun', { id, userId });
    });
    return this.erasure(userId);
  }

  async cancelErasure({ id, userId }: Erasure): Promise<void> {
    const sql = 'delete from people.erasure where id = $1 and erased_at is null';
    await this.database.run(async (tx) => {
      const [, count] = await tx.query<[unknown[], number]>(sql, [id]);
      if (count === 1) await this.record(tx, 'person-erasure-cancelled', { id, userId });
    });
  }

  private record(
    tx: EntityManager,
    act: AuditAct,
    { id, userId }: { id: string; userId: string },
  ): Promise<void> {
    const subject = { kind: 'person', id: userId } as const;
    return this.trail.append(tx, { act, subject, after: { erasure: id } });
  }

  finishErasure({ id, userId }: Erasure, erasedAt: Date): Promise<void> {
    return this.database.run(async (tx) => {
      for (const table of OF_A_PERSON) {
        await tx.query(`delete from people.${table} where user_id = $1`, [userId]);
      }
      const [, count] = await tx.query<[unknown[], number]>(
        `update people.erasure set erased_at = $2 where id = $1 and erased_at is null`,
        [id, erasedAt],
      );
      if (count === 1) return this.record(tx, 'person-erased', { id, userId });
      const [row] = await tx.query<Erasure[]>(`${ERASURE} where id = $1`, [id]);
      invariant(row !== undefined, 'whose wallet is closed is erased');
    });
  }
}

/** What schema `orders` keeps of payers. */
export class PostgresPayerTraces implements PayerTraces {
  constructor(private readonly database: Database) {}

  async inFlight(userId: string): Promise<InFlight> {
    const [row] = await this.database.query<InFlight>(
      `select
         (select count(*)::int from orders.attempt a where a.user_id = $1
            and a.state in ('confirming', 'redirected', 'unknown')) as payments,
         (select count(*)::int from orders.refund r join orders.attempt a on a.id = r.attempt_id
           where a.user_id = $1 and r.state in ('requested', 'processing', 'abnormal')) as refunds,
         (select count(*)::int from orders.top_up t where t.user_id = $1
            and t.state in ('confirming', 'redirected', 'unknown')) as "topUps"`,
      [userId],
    );
    invariant(row !== undefined, 'counting always counts');
    return row;
  }

  /** `scene_info` is where and on what device they paid. What was sold is the merchant's own record and stays. */
  forget(userId: string): Promise<void> {
    return this.database.run(async (tx) => {
      await tx.query(
        `update orders.attempt set metadata_sealed = null, redirect_url = null, card_token = null
         where user_id = $1`,
        [userId],
      );
      await tx.query(
        'update orders.top_up set redirect_url = null, card_token = null where user_id = $1',
        [userId],
      );
      await tx.query(
        `update orders.payment_order set extra = extra - 'scene_info'
         where (paid_by_user_id = $1 or user_id = $1) and extra ? 'scene_info'`,
        [userId],
      );
      await tx.query('delete from orders.login_code where user_id = $1', [userId]);
    });
  }
}
