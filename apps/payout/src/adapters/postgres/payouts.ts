import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Outbox } from '@stuiver/bus';
import { errorCode, Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type {
  Batch,
  Consent,
  Payee,
  Payout,
  PayoutStore,
  PayoutWrites,
} from '../../use-cases/ports.js';
import { type Ask, consentTo, saveApproval } from './approvals.js';
import { type BatchRow, type PayoutRow, toBatch, toPayout } from './batch-rows.js';
import type { SealedPayee, SealedPayees } from './sealed-payees.js';

export interface ListedBatch extends Batch {
  readonly payoutCount: string;
  readonly total: Money;
}

const BATCH = `select id, state, maker, checker, maker_name, checker_name, file_sha256,
  execution_date::text as execution_day, created_at from payout.batch`;
const PAYOUTS = 'select * from payout.payout where batch_id = $1 order by id';
const INSERT_PAYOUT = `insert into payout.payout
  (id, settlement_id, merchant_id, batch_id, state, amount_minor, currency, end_to_end_id, remittance,
   payee_name_sealed, payee_iban_sealed, payee_iban_last4)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;
const ON_ITS_WAY = `batch_id <> $1 and state in ('prepared', 'approved', 'exported')
  and batch_id in (select id from payout.batch where state in ('approving', 'approved', 'exported'))`;
const UNIQUE_VIOLATION = '23505';

export class PostgresPayouts implements PayoutStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly payees: SealedPayees,
    private readonly trail: PostgresAuditTrail,
  ) {}

  run<T>(work: (writes: PayoutWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.outbox, this.trail)));
  }

  async insertBatch(
    batch: Batch,
    payouts: readonly { payout: Payout; payee: Payee }[],
  ): Promise<void> {
    // Sealed first: the key store may be far away, and no such call belongs into a transaction.
    const rows = await Promise.all(payouts.map((line) => this.sealedRow(line)));
    await this.database.run(async (tx) => {
      await tx.query(
        `insert into payout.batch (id, state, maker, maker_name, file_sha256, execution_date, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          ...[batch.id, batch.state, batch.maker, batch.makerName],
          ...[batch.fileSha256, batch.executionDate, batch.createdAt],
        ],
      );
      for (const row of rows) await tx.query(INSERT_PAYOUT, row).catch(refuseSecondPayout);
      await this.trail.append(tx, preparedEntry(batch, payouts));
    });
  }

  private async sealedRow(line: { payout: Payout; payee: Payee }): Promise<unknown[]> {
    const { payout, payee } = line;
    const { name, iban } = await this.payees.seal(payee);
    const { id, settlementId, merchantId, batchId, state, amount, endToEndId, remittance } = payout;
    const money = [String(amount.minor), amount.currency];
    const ids = [id, settlementId, merchantId, batchId, state];
    return [...ids, ...money, endToEndId, remittance, name, iban, payee.iban.slice(-4)];
  }

  async batch(id: string): Promise<Batch | undefined> {
    const [row] = await this.database.query<BatchRow>(`${BATCH} where id = $1`, [id]);
    return row === undefined ? undefined : toBatch(row);
  }

  consentTo(batchId: string, at: Date): Promise<Consent> {
    return consentTo((sql, parameters) => this.database.query(sql, parameters), batchId, at);
  }

  async payoutsOf(batchId: string): Promise<readonly Payout[]> {
    return (await this.database.query<PayoutRow>(PAYOUTS, [batchId])).map(toPayout);
  }

  async payeesOf(batchId: string): Promise<readonly Payee[]> {
    const rows = await this.database.query<SealedPayee>(
      `select merchant_id, payee_name_sealed as name, payee_iban_sealed as iban from payout.payout where batch_id = $1 order by id`,
      [batchId],
    );
    return Promise.all(rows.map((row) => this.payees.open(row)));
  }

  unfinished(): Promise<readonly { id: string; state: Batch['state'] }[]> {
    return this.database.query(
      `select id, state from payout.batch where state in ('approving', 'approved') order by id`,
    );
  }

  async preparedBy(maker: string): Promise<Batch | undefined> {
    const [row] = await this.database.query<BatchRow>(
      `${BATCH} where state = 'prepared' and lower(maker) = lower($1) order by id limit 1`,
      [maker],
    );
    return row === undefined ? undefined : toBatch(row);
  }

  totalOf(batchId: string): Promise<Money> {
    return this.sum('batch_id = $1', batchId);
  }

  onItsWay(exceptBatchId: string): Promise<Money> {
    return this.sum(ON_ITS_WAY, exceptBatchId);
  }

  private async sum(condition: string, batchId: string): Promise<Money> {
    const [row] = await this.database.query<{ minor: string }>(
      `select coalesce(sum(amount_minor), 0)::text as minor from payout.payout where ${condition}`,
      [batchId],
    );
    return Money.ofMinor(BigInt(row?.minor ?? '0'), 'EUR');
  }

  async promised(): Promise<ReadonlyMap<string, Money>> {
    const rows = await this.database.query<{ merchant_id: string; minor: string }>(
      `select merchant_id, sum(amount_minor)::text as minor from payout.payout where state = 'prepared' group by merchant_id`,
    );
    return new Map(
      rows.map((row) => [row.merchant_id, Money.ofMinor(BigInt(row.minor), 'EUR')] as const),
    );
  }

  async sentBack(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query<{ merchant_id: string; reason_code: string }>(
      `select distinct on (p.merchant_id) p.merchant_id, p.reason_code
       from payout.payout p join payout.payee y on y.merchant_id = p.merchant_id
       where p.state in ('rejected', 'returned') and p.ended_at > y.confirmed_at
       order by p.merchant_id, p.ended_at desc`,
    );
    return new Map(rows.map((row) => [row.merchant_id, row.reason_code] as const));
  }

  /** Newest first, those older than `before`. */
  async batches(page: { before: string | null; limit: number }): Promise<readonly ListedBatch[]> {
    const rows = await this.database.query<BatchRow & { payouts: string; minor: string }>(
      `select b.id, b.state, b.maker, b.checker, b.maker_name, b.checker_name, b.file_sha256,
              b.execution_date::text as execution_day, b.created_at,
              p.payouts, p.minor
       from payout.batch b,
         lateral (select count(*)::text as payouts, sum(amount_minor)::text as minor
                  from payout.payout where batch_id = b.id) p
       where $1::text is null or b.id < $1 order by b.id desc limit $2`,
      [page.before, page.limit],
    );
    return rows.map((row) => ({
      ...toBatch(row),
      payoutCount: row.payouts,
      total: Money.ofMinor(BigInt(row.minor), 'EUR'),
    }));
  }
}

class Writes implements PayoutWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly outbox: Outbox,
    private readonly trail: PostgresAuditTrail,
  ) {}

  private readonly ask: Ask = <Row>(sql: string, parameters: unknown[]) =>
    this.tx.query<Row[]>(sql, parameters);

  async lockBatch(id: string): Promise<Batch | undefined> {
    const [row] = await this.tx.query<BatchRow[]>(`${BATCH} where id = $1 for update`, [id]);
    return row === undefined ? undefined : toBatch(row);
  }

  async payoutsOf(batchId: string): Promise<readonly Payout[]> {
    return (await this.tx.query<PayoutRow[]>(PAYOUTS, [batchId])).map(toPayout);
  }

  consentTo(batchId: string, at: Date): Promise<Consent> {
    return consentTo(this.ask, batchId, at);
  }

  async saveApproval(given: Parameters<PayoutWrites['saveApproval']>[0]): Promise<void> {
    await saveApproval(this.ask, given.what, { ...given, subject: given.batchId });
  }

  async saveApproving(
    id: string,
    agreed: Parameters<PayoutWrites['saveApproving']>[1],
  ): Promise<void> {
    const { by, at, missing, rule } = agreed;
    await this.tx.query(
      `update payout.batch set state = 'approving', checker = $2, checker_name = $3, approving_at = $4,
         shortfall_minor = $5, prefunding = $6
       where id = $1`,
      [id, by.id, by.name, at, String(missing.minor), rule],
    );
  }

  async saveBatch(
    id: string,
    state: 'approved' | 'exported' | 'refused' | 'discarded',
    at: Date,
  ): Promise<void> {
    await this.tx.query(
      `update payout.batch set state = $2,
         approved_at = case when $2 = 'approved' then $3 else approved_at end,
         exported_at = case when $2 = 'exported' then $3 else exported_at end
       where id = $1`,
      [id, state, at],
    );
  }

  async savePayouts(
    batchId: string,
    state: 'approved' | 'exported' | 'refused',
    refusal?: string,
  ): Promise<void> {
    await this.tx.query('update payout.payout set state = $2, refusal = $3 where batch_id = $1', [
      batchId,
      state,
      refusal ?? null,
    ]);
  }

  async say(fact: Parameters<PayoutWrites['say']>[0]): Promise<void> {
    await this.outbox.say(this.tx, fact);
  }

  async audit(entry: AuditEntry): Promise<void> {
    await this.trail.append(this.tx, entry);
  }
}

function preparedEntry(batch: Batch, payouts: readonly { payout: Payout }[]): AuditEntry {
  const { id, state, fileSha256, executionDate } = batch;
  const total = payouts.reduce((sum, { payout }) => sum + payout.amount.minor, 0n);
  const counts = { payouts: payouts.length, totalMinor: String(total) };
  const after = { state, fileSha256, executionDate, ...counts };
  return { act: 'batch-prepared', subject: { kind: 'batch', id }, after };
}

function refuseSecondPayout(error: unknown): never {
  if (errorCode(error) === UNIQUE_VIOLATION) {
    throw new Refusal('STATE_CONFLICT', {
      rule: 'a settlement is in another batch already',
      why: 'in-another-batch',
    });
  }
  throw error;
}
