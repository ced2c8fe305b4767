import type { PostgresAuditTrail } from '@stuiver/audit';
import { errorCode, Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { Database } from '@stuiver/postgres';
import { type SettlementTerms, STANDARD_TERMS } from '../../domain/settlement-terms.js';
import type { Person } from '../../use-cases/ports.js';

export interface TermsRow {
  readonly every: SettlementTerms['every'] | null;
  readonly on_day: number | null;
  readonly minimum_minor: string | null;
}

/** Terms as they were said; version 0 is the standard, which nobody said. */
export interface KeptTerms {
  readonly version: number;
  readonly terms: SettlementTerms;
  readonly reason: string | null;
  readonly byName: string | null;
  readonly at: Date | null;
}

type KeptRow = TermsRow & {
  readonly version: number;
  readonly reason: string;
  readonly by_id: string;
  readonly by_name: string | null;
  readonly at: Date;
};

/** The terms that hold for the merchant of `l`. */
export const TERMS_OF_LINE = `left join lateral (select t.every, t.on_day, t.minimum_minor from payout.settlement_terms t
    where t.merchant_id = l.merchant_id order by t.version desc limit 1) t on true`;
const UNIQUE_VIOLATION = '23505';

/** On which terms merchants are settled: each version is kept. */
export class PostgresSettlementTerms {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async of(merchantId: string): Promise<KeptTerms> {
    const [latest] = await this.history(merchantId, 1);
    return latest ?? { version: 0, terms: STANDARD_TERMS, reason: null, byName: null, at: null };
  }

  /** Newest first. */
  async history(merchantId: string, limit: number): Promise<readonly KeptTerms[]> {
    const rows = await this.database.query<KeptRow>(
      'select * from payout.settlement_terms where merchant_id = $1 order by version desc limit $2',
      [merchantId, limit],
    );
    return rows.map((row) => ({
      version: row.version,
      terms: toTerms(row),
      reason: row.reason,
      byName: row.by_name ?? row.by_id,
      at: row.at,
    }));
  }

  /**
   * @param said.after  the version that whoever says it has seen.
   * @throws Refusal STATE_CONFLICT when another version was said meanwhile.
   */
  async say(
    merchantId: string,
    said: { after: number; terms: SettlementTerms; reason: string; by: Person; at: Date },
  ): Promise<void> {
    const { after, terms, reason, by, at } = said;
    const before = await this.of(merchantId);
    if (before.version !== after) throw elsewhere(before.version);
    await this.database
      .run(async (tx) => {
        await tx.query(
          `insert into payout.settlement_terms (merchant_id, version, every, on_day, minimum_minor, by_id, by_name, reason, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            ...[merchantId, after + 1, terms.every, terms.onDay, String(terms.minimum.minor)],
            ...[by.id, by.name ?? null, reason, at],
          ],
        );
        await this.trail.append(tx, {
          act: 'settlement-terms-said',
          subject: { kind: 'merchant', id: merchantId },
          before: factsOf(before.terms),
          after: factsOf(terms),
          reason,
        });
      })
      .catch((error: unknown) => {
        if (errorCode(error) === UNIQUE_VIOLATION) throw elsewhere(after + 1);
        throw error;
      });
  }
}

export function toTerms({ every, on_day: onDay, minimum_minor: minor }: TermsRow): SettlementTerms {
  if (every === null || minor === null) return STANDARD_TERMS;
  return { every, onDay, minimum: Money.ofMinor(BigInt(minor), 'EUR') };
}

function factsOf({ every, onDay, minimum }: SettlementTerms) {
  return { every, onDay, minimumMinor: String(minimum.minor) };
}

function elsewhere(version: number): Refusal {
  const rule = 'somebody said other terms meanwhile: look at them first';
  return new Refusal('STATE_CONFLICT', { rule, why: 'terms-changed', version: String(version) });
}
