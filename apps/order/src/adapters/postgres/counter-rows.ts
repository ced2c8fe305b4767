import { Money } from '@stuiver/money';
import type { CounterCode, CounterPrice } from '../../domain/counter-code.js';

/** A code as PostgreSQL holds it; int8 arrives as text. */
export interface CounterCodeRow {
  readonly id: string;
  readonly mchid: string;
  readonly kind: CounterCode['kind'];
  readonly code: string;
  readonly description: string;
  readonly amount_minor: string | null;
  readonly min_minor: string | null;
  readonly max_minor: string | null;
  readonly payments_max: number | null;
  readonly expires_at: Date | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly withdrawn_at: Date | null;
}

export const COUNTER_CODE = `select c.id, c.mchid, c.kind, c.code, c.description, c.amount_minor,
  c.min_minor, c.max_minor, c.payments_max, c.expires_at, c.created_at, c.created_by, c.withdrawn_at
  from orders.counter_code c`;

export function toCounterCode(row: CounterCodeRow): CounterCode {
  return {
    ...{ id: row.id, mchid: row.mchid, kind: row.kind, code: row.code },
    ...{ description: row.description, price: priceOf(row), paymentsMax: row.payments_max },
    ...{ expiresAt: row.expires_at, createdAt: row.created_at, createdBy: row.created_by },
    withdrawnAt: row.withdrawn_at,
  };
}

function priceOf(row: CounterCodeRow): CounterPrice {
  const [fixed, min, max] = [row.amount_minor, row.min_minor, row.max_minor].map(euros);
  if (fixed !== undefined && fixed !== null) return { fixed, min: null, max: null };
  if (!min || !max) throw new Error('a code without an amount says between which it may be');
  return { fixed: null, min, max };
}

function euros(minor: string | null): Money | null {
  return minor === null ? null : Money.ofMinor(BigInt(minor), 'EUR');
}
