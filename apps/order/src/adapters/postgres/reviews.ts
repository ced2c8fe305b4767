import type { BlockShown, Page, ReviewShown, ReviewState } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import type { ReviewReads } from '../../use-cases/risk/decide-review.js';
import type { Review } from '../../use-cases/risk/risk-ports.js';
import { ReviewRows } from './review-rows.js';

const ROWS_PER_PAGE = 50;
const BLOCKS_SHOWN_MAX = 1_000;

export interface ReviewSearch {
  readonly id?: string;
  /** Review id: only what is older. */
  readonly before?: string;
  readonly state?: ReviewState;
  /** The beginning of an order's number or a payer's id, or a part of the merchant's name. */
  readonly text?: string;
}

type Row = Readonly<
  Omit<ReviewShown, 'openedAt' | 'deadlineAt' | 'decidedAt'> & {
    openedAt: Date;
    deadlineAt: Date;
    decidedAt: Date | null;
  }
>;

/** Reviews and blocks as staff see them. */
export class PostgresReviews implements ReviewReads {
  constructor(private readonly database: Database) {}

  review(id: string): Promise<Review | undefined> {
    return new ReviewRows((sql, values) => this.database.query(sql, values)).review(id);
  }

  /** Newest first: ids sort by age. */
  async page(search: ReviewSearch): Promise<Page<ReviewShown>> {
    const rows = await this.database.query<Row>(
      `select r.id as "reviewId", r.order_id as "orderId", o.out_trade_no as "outTradeNo",
         o.description, o.mchid, m.name as "merchantName", r.user_id as "userId", r.method,
         o.amount_minor::text as "amountMinor", o.currency, r.reasons, r.facts, r.state,
         r.opened_at as "openedAt", r.deadline_at as "deadlineAt", r.decided_at as "decidedAt",
         s.name as "decidedBy", r.note
       from orders.risk_review r
       join orders.payment_order o on o.id = r.order_id
       join orders.merchant m on m.mchid = o.mchid
       left join orders.staff s on s.id = r.decided_by
       where ($1::text is null or r.id = $1) and ($2::text is null or r.id < $2)
         and ($3::text is null or r.state = $3)
         and ($4::text is null or starts_with(o.out_trade_no, $4) or starts_with(r.user_id, $4)
           or strpos(lower(m.name), lower($4)) > 0)
       order by r.id desc limit $5`,
      [
        ...[search.id ?? null, search.before ?? null, search.state ?? null, search.text ?? null],
        ROWS_PER_PAGE + 1,
      ],
    );
    const items = rows.slice(0, ROWS_PER_PAGE).map(toShown);
    return { items, next: rows.length > ROWS_PER_PAGE ? (items.at(-1)?.reviewId ?? null) : null };
  }

  async blocks(): Promise<BlockShown[]> {
    const rows = await this.database.query<Omit<BlockShown, 'blockedAt'> & { blockedAt: Date }>(
      `select b.kind, b.value, b.reason, s.name as "blockedBy", b.blocked_at as "blockedAt"
       from orders.risk_block b join orders.staff s on s.id = b.blocked_by
       order by b.blocked_at desc, b.kind, b.value limit $1`,
      [BLOCKS_SHOWN_MAX],
    );
    return rows.map((row) => ({ ...row, blockedAt: row.blockedAt.toISOString() }));
  }
}

function toShown(row: Row): ReviewShown {
  return {
    ...row,
    openedAt: row.openedAt.toISOString(),
    deadlineAt: row.deadlineAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}
