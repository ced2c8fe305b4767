import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { invariant } from '@stuiver/errors';
import { idsSince } from '@stuiver/ids';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { RiskFacts, RiskLimits } from '../../domain/risk.js';
import type {
  Block,
  BlockStore,
  BlockWrites,
  RiskFactsReads,
  RiskQuestion,
} from '../../use-cases/risk/risk-ports.js';

// A count walks no more rows than its limit, and none when its rule is not in use: limit 0.
const FACTS_SQL = `
  select array(select b.kind from orders.risk_block b
                where (b.kind, b.value) in (('person', $1), ('merchant', $2), ('source', $3))) as blocked,
    (select count(*)::int from (select 1 from orders.attempt a
       where a.user_id = $1 and a.confirmed_at > $4 limit $6) as seen) as "personAttempts",
    (select count(*)::int from (select 1 from orders.attempt a
       where a.user_id = $1 and a.confirmed_at > $4 and a.state = 'failed' limit $7) as seen)
      as "personDeclines",
    (select count(*)::int from (select 1 from orders.attempt a
       where a.card_token = $3 and a.confirmed_at > $4 limit $8) as seen) as "sourceAttempts",
    (select count(*)::int from (select 1 from orders.payment_order o
       join orders.attempt a on a.order_id = o.id
       where o.mchid = $2 and o.id > $5 and a.confirmed_at > $4 limit $9) as seen)
      as "merchantAttempts",
    not $10::boolean or exists (select 1 from orders.payment_order o
       where o.paid_by_user_id = $1 and o.mchid = $2) as "hasPaidMerchant"`;

/** What Order's rows say of who is about to pay, and whom we do not serve. */
export class PostgresRisk implements RiskFactsReads, BlockStore {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async facts(
    { payer, merchant, source, amount }: RiskQuestion,
    { since, limits }: { since: Date; limits: RiskLimits },
  ): Promise<RiskFacts> {
    const { personAttempts, personDeclines, sourceAttempts, merchantAttempts } = limits;
    const [row] = await this.database.query<Omit<RiskFacts, 'amountMinor'>>(FACTS_SQL, [
      ...[payer, merchant, source, since, idsSince('Order', since)],
      ...[personAttempts ?? 0, personDeclines ?? 0, sourceAttempts ?? 0, merchantAttempts ?? 0],
      limits.newPayeeMinor !== null,
    ]);
    invariant(row !== undefined, 'counting always counts');
    return { ...row, amountMinor: amount.minor };
  }

  run<T>(work: (writes: BlockWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.trail)));
  }
}

class Writes implements BlockWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async insertBlock({ kind, value, reason, blockedBy, blockedAt }: Block): Promise<boolean> {
    const rows = await this.tx.query<unknown[]>(
      `insert into orders.risk_block (kind, value, reason, blocked_by, blocked_at)
       values ($1, $2, $3, $4, $5) on conflict do nothing returning kind`,
      [kind, value, reason, blockedBy, blockedAt],
    );
    return rows.length === 1;
  }

  async deleteBlock({ kind, value }: Pick<Block, 'kind' | 'value'>): Promise<boolean> {
    const sql = 'delete from orders.risk_block where kind = $1 and value = $2';
    const [, count] = await this.tx.query<[unknown[], number]>(sql, [kind, value]);
    return count === 1;
  }

  audit(entry: AuditEntry): Promise<void> {
    return this.trail.append(this.tx, entry);
  }
}
