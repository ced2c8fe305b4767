import type { Database } from '@stuiver/postgres';
import type { OrderStore, OrderWrites } from '../../use-cases/ports.js';
import { OrderReads } from './order-reads.js';
import { type OrderBooks, PostgresOrderWrites } from './order-writes.js';

/** Orders, attempts, refunds and top-ups in schema `orders`. */
export class PostgresOrders extends OrderReads implements OrderStore {
  constructor(
    private readonly database: Database,
    private readonly books: OrderBooks,
  ) {
    super((sql, parameters) => database.query(sql, parameters));
  }

  run<T>(work: (writes: OrderWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new PostgresOrderWrites(tx, this.books)));
  }
}
