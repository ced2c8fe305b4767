import type { Money } from '@stuiver/money';
import type { AuditWrites } from '@stuiver/ports';
import type {
  BlockKind,
  RiskFacts,
  RiskLimits,
  RiskReason,
  RiskVerdict,
} from '../../domain/risk.js';
import type { PayMethod } from '../../domain/order.js';

/** Who is about to pay whom. */
export interface RiskQuestion {
  readonly payer: string;
  readonly merchant: string;
  readonly amount: Money;
  readonly method: PayMethod;
  /** What the PSP calls the source of funds; null where it is not known before the payment. */
  readonly source: string | null;
}

/** Whether a payment may begin. Asked before anything is locked, so an answer may come from elsewhere. */
export interface Risk {
  assess(question: RiskQuestion): Promise<RiskVerdict>;
}

/** What Order's own rows say. */
export interface RiskFactsReads {
  /** Counted since then, and no further than the limits. */
  facts(question: RiskQuestion, within: { since: Date; limits: RiskLimits }): Promise<RiskFacts>;
}

/** A payment that staff look at before money moves. It stands for every sheet of its payer on its order. */
export interface Review {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly userId: string;
  readonly method: PayMethod;
  readonly reasons: readonly RiskReason[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly state: 'waiting' | 'approved' | 'refused' | 'lapsed' | 'withdrawn';
  readonly openedAt: Date;
  readonly deadlineAt: Date;
  readonly decidedAt: Date | null;
  /** A member of staff; null: a rule refused it, or nobody decided. */
  readonly decidedBy: string | null;
  readonly note: string | null;
}

/** Written under the order's lock. */
export interface ReviewWrites {
  review(id: string): Promise<Review | undefined>;
  /** The latest review of this payer on this order. */
  last(of: { orderId: string; userId: string }): Promise<Review | undefined>;
  insert(review: Review): Promise<void>;
  saveEnd(review: Review): Promise<void>;
}

export interface Block {
  readonly kind: BlockKind;
  readonly value: string;
  readonly reason: string;
  /** A member of staff. */
  readonly blockedBy: string;
  readonly blockedAt: Date;
}

export interface BlockWrites extends AuditWrites {
  /** False when it is blocked already. */
  insertBlock(block: Block): Promise<boolean>;
  /** False when it is not blocked. */
  deleteBlock(block: Pick<Block, 'kind' | 'value'>): Promise<boolean>;
}

export interface BlockStore {
  /** One transaction. */
  run<T>(work: (writes: BlockWrites) => Promise<T>): Promise<T>;
}
