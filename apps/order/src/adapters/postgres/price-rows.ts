import type { FeeOnRefund, PriceLine, PricesInForce } from '../../domain/price-list.js';
import type { Query } from './order-reads.js';

/** A line as it is kept: whole minor units as text. */
export type StoredLine = Omit<PriceLine, 'fixedMinor' | 'minimumMinor' | 'capMinor'> & {
  readonly fixedMinor: string;
  readonly minimumMinor: string;
  readonly capMinor: string | null;
};

export function toLine(stored: StoredLine): PriceLine {
  const { fixedMinor, minimumMinor, capMinor, ...rest } = stored;
  return {
    ...rest,
    fixedMinor: BigInt(fixedMinor),
    minimumMinor: BigInt(minimumMinor),
    capMinor: capMinor === null ? null : BigInt(capMinor),
  };
}

export function fromLine({ fixedMinor, minimumMinor, capMinor, ...rest }: PriceLine): StoredLine {
  return {
    ...rest,
    fixedMinor: fixedMinor.toString(),
    minimumMinor: minimumMinor.toString(),
    capMinor: capMinor?.toString() ?? null,
  };
}

/** What prices a merchant's payments at a moment. */
export async function pricesInForce(
  query: Query,
  mchid: string,
  at: Date,
): Promise<PricesInForce | undefined> {
  const [row] = await query<{ id: string; on_refund: FeeOnRefund; lines: readonly StoredLine[] }>(
    `select v.id, v.on_refund, v.lines from orders.price_version v
     where v.id = orders.price_version_at($1, $2)`,
    [mchid, at],
  );
  return row && { versionId: row.id, onRefund: row.on_refund, lines: row.lines.map(toLine) };
}
