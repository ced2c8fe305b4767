import { Refusal } from '@stuiver/errors';
import { randomHex } from '@stuiver/ids';
import type { Clock, KeyStore, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { CounterCode } from '../../domain/counter-code.js';
import type { Order } from '../../domain/order.js';
import type {
  CounterOrder,
  CounterOrigin,
  CounterRequest,
  CounterStore,
  CounterWrites,
  LivingOrder,
} from '../../use-cases/counter/counter-ports.js';
import { COUNTER_CODE, type CounterCodeRow, toCounterCode } from './counter-rows.js';
import { secretPurpose } from './mini-programs.js';
import { OrderReads } from './order-reads.js';
import { type OrderBooks, PostgresOrderWrites } from './order-writes.js';

interface CounterOrderRow {
  readonly order_id: string;
  readonly kind: CounterOrder['kind'];
  readonly code: string | null;
}

interface LivingRow {
  readonly id: string;
  readonly out_trade_no: string;
  readonly state: Order['state'];
  readonly amount_minor: string;
  readonly expires_at: Date;
  readonly code: string | null;
  readonly user_id: string;
}

const COUNTER_ORDER = `select k.order_id, k.kind, p.code
  from orders.counter_order k
  left join orders.prepay p on p.order_id = k.order_id and p.code is not null and p.retired_at is null`;

/** One transaction on orders and on what the counter knows of them. */
class PostgresCounterWrites extends PostgresOrderWrites implements CounterWrites {
  async lockRequest({ mchid, key }: CounterRequest): Promise<void> {
    const sql = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';
    await this.tx.query(sql, [`counter/${mchid}/${key}`]);
  }

  async counterOrder({ mchid, key }: CounterRequest): Promise<CounterOrder | undefined> {
    const [row] = await this.tx.query<CounterOrderRow[]>(
      `${COUNTER_ORDER} where k.mchid = $1 and k.request_key = $2`,
      [mchid, key],
    );
    return row && this.whole(row);
  }

  async insertCounterOrder(row: {
    order: Order;
    request: CounterRequest;
    origin: CounterOrigin;
  }): Promise<void> {
    const { order, request, origin } = row;
    const isTill = origin.kind === 'till';
    await this.tx.query(
      `insert into orders.counter_order
         (order_id, mchid, kind, request_key, staff_id, code_id, user_id, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[order.id, request.mchid, origin.kind, request.key],
        ...[isTill ? origin.staffId : null, isTill ? null : origin.codeId],
        ...[isTill ? null : origin.userId, order.createdAt],
      ],
    );
  }

  /** The lock of `for update` is waited for first and the row read then: a read before it could be older. */
  async lockCode(
    by: { id: string; mchid: string } | { code: string },
  ): Promise<CounterCode | undefined> {
    const isById = 'id' in by;
    const [row] = await this.tx.query<CounterCodeRow[]>(
      `${COUNTER_CODE} where ${isById ? 'c.id = $1 and c.mchid = $2' : 'c.code = $1'} for update`,
      isById ? [by.id, by.mchid] : [by.code],
    );
    return row && toCounterCode(row);
  }

  async codeByRequest({ mchid, key }: CounterRequest): Promise<CounterCode | undefined> {
    const [row] = await this.tx.query<CounterCodeRow[]>(
      `${COUNTER_CODE} where c.mchid = $1 and c.request_id = $2`,
      [mchid, key],
    );
    return row && toCounterCode(row);
  }

  async insertCode(code: CounterCode, requestId: string): Promise<void> {
    const { fixed, min, max } = code.price;
    await this.tx.query(
      `insert into orders.counter_code (id, mchid, kind, code, description, amount_minor, min_minor,
         max_minor, payments_max, expires_at, request_id, created_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        ...[code.id, code.mchid, code.kind, code.code, code.description],
        ...[fixed, min, max].map((amount) => amount?.minor.toString() ?? null),
        ...[code.paymentsMax, code.expiresAt, requestId, code.createdAt, code.createdBy],
      ],
    );
  }

  async saveWithdrawn(codeId: string, at: Date | null): Promise<void> {
    const sql = 'update orders.counter_code set withdrawn_at = $2 where id = $1';
    await this.tx.query(sql, [codeId, at]);
  }

  async livingOrders({ id, kind }: CounterCode): Promise<readonly LivingOrder[]> {
    const rows = await this.tx.query<LivingRow[]>(
      `select o.id, o.out_trade_no, o.state, o.amount_minor, o.expires_at, p.code, k.user_id
       from orders.counter_order k
       join orders.payment_order o on o.id = k.order_id
       left join orders.prepay p on p.order_id = o.id and p.code is not null and p.retired_at is null
       where k.code_id = $1 and (o.state = 'NOTPAY' or $2 and o.state <> 'CLOSED')
       order by k.created_at, k.order_id`,
      [id, kind === 'link'],
    );
    return rows.map((row) => ({
      ...{ orderId: row.id, outTradeNo: row.out_trade_no, isPaid: row.state !== 'NOTPAY' },
      ...{ amountMinor: BigInt(row.amount_minor), expiresAt: row.expires_at, code: row.code },
      userId: row.user_id,
    }));
  }

  private async whole({ order_id: id, kind, code }: CounterOrderRow): Promise<CounterOrder> {
    const order = await new OrderReads((sql, values) => this.tx.query(sql, [...values])).order({
      id,
    });
    if (order === undefined) throw new Refusal('SYSTEM_ERROR', { order: id });
    return { order, kind, code };
  }
}

/** The counter in schema `orders`. */
export class PostgresCounter implements CounterStore {
  private readonly reads: OrderReads;

  constructor(
    private readonly database: Database,
    private readonly books: OrderBooks,
    private readonly tools: { keys: Pick<KeyStore, 'seal'>; clock: Clock; random: Random },
  ) {
    this.reads = new OrderReads((sql, values) => database.query(sql, values));
  }

  run<T>(work: (writes: CounterWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new PostgresCounterWrites(tx, this.books)));
  }

  async appidOf(mchid: string): Promise<string> {
    return (await this.findAppid(mchid)) ?? this.makeAppid(mchid);
  }

  async findCode(
    code: string,
  ): Promise<(CounterCode & { readonly merchantName: string }) | undefined> {
    const [row] = await this.database.query<CounterCodeRow & { merchant_name: string }>(
      `select c.*, m.name as merchant_name from (${COUNTER_CODE} where c.code = $1) c
       join orders.merchant m on m.mchid = c.mchid`,
      [code],
    );
    return row && { ...toCounterCode(row), merchantName: row.merchant_name };
  }

  async paidCount(codeId: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::int as count from orders.counter_order k
       join orders.payment_order o on o.id = k.order_id
       where k.code_id = $1 and o.paid_at is not null`,
      [codeId],
    );
    return row?.count ?? 0;
  }

  async tillOrder(mchid: string, orderId: string): Promise<Order | undefined> {
    const [row] = await this.database.query<{ order_id: string }>(
      `select order_id from orders.counter_order
       where mchid = $1 and order_id = $2 and kind = 'till'`,
      [mchid, orderId],
    );
    return row && this.reads.order({ id: row.order_id });
  }

  private async findAppid(mchid: string): Promise<string | undefined> {
    const sql = `select appid from orders.mini_program where mchid = $1 and origin_kind = 'counter'`;
    const [row] = await this.database.query<{ appid: string }>(sql, [mchid]);
    return row?.appid;
  }

  /** Nobody knows its secret: it has no server that could ask with it. */
  private async makeAppid(mchid: string): Promise<string> {
    const { keys, clock, random } = this.tools;
    const appid = `wx${randomHex(8, random)}`;
    const secret = Buffer.from(randomHex(16, random));
    const sealed = Buffer.from(await keys.seal(secretPurpose(appid), secret));
    await this.database.query(
      `insert into orders.mini_program
         (appid, mchid, name, description, app_secret_sealed, origin_kind, source, created_at)
       select $1, m.mchid, m.name, '', $3, 'counter', '', $4
         from orders.merchant m where m.mchid = $2
       on conflict (mchid) where origin_kind = 'counter' do nothing`,
      [appid, mchid, sealed, clock.now()],
    );
    const kept = await this.findAppid(mchid);
    if (kept === undefined) throw new Refusal('NOT_FOUND', { merchant: mchid });
    return kept;
  }
}
