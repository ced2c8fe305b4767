import type { BatchRow } from '../../domain/audit/rows.js';

const HASH_DIGITS = 64;

/** A batch with its seal, as the queries of `audit-sql.ts` find it. */
export type FoundBatch = Omit<BatchRow, 'seal'> & {
  readonly root: string | null;
  readonly hash: string;
  readonly blind: string;
  readonly leaves: string;
};

export function toBatchRow({ root, hash, blind, leaves, ...batch }: FoundBatch): BatchRow {
  const seal = root === null ? null : { root, hash, blind, leaves: split(leaves) };
  return { ...batch, seal };
}

function split(leaves: string): string[] {
  const count = Math.floor(leaves.length / HASH_DIGITS);
  return Array.from({ length: count }, (_, place) =>
    leaves.slice(place * HASH_DIGITS, (place + 1) * HASH_DIGITS),
  );
}
