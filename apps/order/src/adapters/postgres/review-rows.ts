import { invariant } from '@stuiver/errors';
import type { Review, ReviewWrites } from '../../use-cases/risk/risk-ports.js';
import type { Query } from './order-reads.js';

const REVIEW = `select id, order_id as "orderId", attempt_id as "attemptId", user_id as "userId",
    method, reasons, facts, state, opened_at as "openedAt", deadline_at as "deadlineAt",
    decided_at as "decidedAt", decided_by as "decidedBy", note
  from orders.risk_review`;

/** A statement that withdraws what waits of the order `$1`. @param at  which parameter says when. */
export function reviewsWithdrawn(at: `$${number}`): string {
  return `update orders.risk_review set state = 'withdrawn', decided_at = ${at}::timestamptz
    where order_id = $1 and state = 'waiting'`;
}

/** Reviews, inside a transaction or outside. */
export class ReviewRows implements ReviewWrites {
  constructor(private readonly query: Query) {}

  async review(id: string): Promise<Review | undefined> {
    const [row] = await this.query<Review>(`${REVIEW} where id = $1`, [id]);
    return row;
  }

  async last(of: { orderId: string; userId: string }): Promise<Review | undefined> {
    const sql = `${REVIEW} where order_id = $1 and user_id = $2 order by id desc limit 1`;
    const [row] = await this.query<Review>(sql, [of.orderId, of.userId]);
    return row;
  }

  async insert(review: Review): Promise<void> {
    await this.query(
      `insert into orders.risk_review (id, order_id, attempt_id, user_id, method, reasons, facts,
         state, opened_at, deadline_at, decided_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[review.id, review.orderId, review.attemptId, review.userId, review.method],
        ...[review.reasons, JSON.stringify(review.facts), review.state],
        ...[review.openedAt, review.deadlineAt, review.decidedAt],
      ],
    );
  }

  async saveEnd(review: Review): Promise<void> {
    const rows = await this.query(
      `with ended as (
         update orders.risk_review set state = $2, decided_at = $3, decided_by = $4, note = $5
         where id = $1 and state = 'waiting' returning id)
       select id from ended`,
      [review.id, review.state, review.decidedAt, review.decidedBy, review.note],
    );
    invariant(rows.length === 1, 'a review that waits is decided once, under its order’s lock');
  }
}
