import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Outbox } from '@stuiver/bus';
import { invariant } from '@stuiver/errors';
import { type Currency, Money } from '@stuiver/money';
import type { Database } from '@stuiver/postgres';
import type { PendingLine } from '../../domain/statement.js';
import type {
  MerchantUnsettled,
  Settlement,
  SettlementStore,
  SettlementWrites,
} from '../../use-cases/ports.js';
import { TERMS_OF_LINE, type TermsRow, toTerms } from './settlement-terms.js';

interface SettlementRow {
  readonly id: string;
  readonly merchant_id: string;
  readonly state: Settlement['state'];
  readonly currency: Currency;
  readonly amount_minor: string | null;
  readonly close_version: string | null;
  readonly from_version: string | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
}

export interface LineRow {
  readonly version: string;
  readonly side: 'debit' | 'credit';
  readonly amount_minor: string;
  readonly currency: Currency;
}

interface UnsettledRow extends TermsRow {
  readonly merchant_id: string;
  readonly open_minor: string;
  readonly oldest_day: string;
  readonly settled_day: string | null;
}

const MERCHANTS_PER_PAGE = 1_000;
const UNSETTLED = `select l.*, t.every, t.on_day, t.minimum_minor,
    (select (max(s.created_at) at time zone 'Europe/Amsterdam')::date::text from payout.settlement s
      where s.merchant_id = l.merchant_id and s.state <> 'empty') as settled_day
  from (select merchant_id, sum(case side when 'credit' then amount_minor else -amount_minor end)::text as open_minor,
      (min(booked_at) at time zone 'Europe/Amsterdam')::date::text as oldest_day
    from payout.pending_line
    where settlement_id is null and purpose <> 'close' and ($1::text is null or merchant_id > $1)
    group by merchant_id order by merchant_id limit $2) l
  ${TERMS_OF_LINE}
  order by l.merchant_id`;

export class PostgresSettlements implements SettlementStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly trail: PostgresAuditTrail,
  ) {}

  run<T>(work: (writes: SettlementWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.outbox)));
  }

  async begin(settlement: { id: string; merchantId: string; at: Date }): Promise<Settlement> {
    const { id, merchantId, at } = settlement;
    await this.database.run(async (tx) => {
      const begun = await tx.query<unknown[]>(
        `insert into payout.settlement (id, merchant_id, state, currency, created_at) values ($1, $2, 'closing', 'EUR', $3)
         on conflict (merchant_id) where state in ('closing', 'posted') do nothing returning id`,
        [id, merchantId, at],
      );
      if (begun.length === 0) return;
      const subject = { kind: 'settlement', id } as const;
      await this.trail.append(tx, { act: 'settlement-begun', subject, after: { merchantId } });
    });
    const [row] = await this.database.query<SettlementRow>(
      `select * from payout.settlement where id = $1 or (merchant_id = $2 and state in ('closing', 'posted'))
       order by id = $1 desc limit 1`,
      [id, merchantId],
    );
    invariant(row !== undefined, 'a settlement that was begun, or the one under way, is there');
    return toSettlement(row);
  }

  async find(id: string): Promise<Settlement | undefined> {
    const [row] = await this.database.query<SettlementRow>(
      'select * from payout.settlement where id = $1',
      [id],
    );
    return row === undefined ? undefined : toSettlement(row);
  }

  async unfinished(): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select id from payout.settlement where state in ('closing', 'posted') order by id`,
    );
    return rows.map(({ id }) => id);
  }

  async unsettled(after: string | null): Promise<readonly MerchantUnsettled[]> {
    const rows = await this.database.query<UnsettledRow>(UNSETTLED, [after, MERCHANTS_PER_PAGE]);
    return rows.map((row) => ({
      merchantId: row.merchant_id,
      terms: toTerms(row),
      open: Money.ofMinor(BigInt(row.open_minor), 'EUR'),
      oldestDay: row.oldest_day,
      settledDay: row.settled_day,
    }));
  }

  async toPayOut(): Promise<readonly (Settlement & { amount: Money })[]> {
    const rows = await this.database.query<SettlementRow>(
      `select s.* from payout.settlement s
       where s.state = 'closed'
         and not exists (select 1 from payout.payout p where p.settlement_id = s.id and p.state not in ('refused', 'rejected', 'returned'))
       order by s.id`,
    );
    return rows.map(toSettlement).map((settlement) => {
      const { amount } = settlement;
      invariant(amount !== null, 'a closed settlement has an amount');
      return { ...settlement, amount };
    });
  }
}

class Writes implements SettlementWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  async lock(id: string): Promise<Settlement> {
    const [row] = await this.tx.query<SettlementRow[]>(
      'select * from payout.settlement where id = $1 for update',
      [id],
    );
    invariant(row !== undefined, 'a settlement that is worked on is there');
    return toSettlement(row);
  }

  async savePosted(
    id: string,
    close: { amount: Money; fromVersion: bigint; closeVersion: bigint },
  ): Promise<void> {
    await this.tx.query(
      `update payout.settlement set state = 'posted', amount_minor = $2, from_version = $3, close_version = $4 where id = $1`,
      [id, String(close.amount.minor), String(close.fromVersion), String(close.closeVersion)],
    );
  }

  async saveEmpty(id: string): Promise<void> {
    await this.tx.query(`update payout.settlement set state = 'empty' where id = $1`, [id]);
  }

  async saveClosed(id: string, close: { total: Money; at: Date }): Promise<void> {
    await this.tx.query(
      `update payout.settlement set state = 'closed', lines_total_minor = $2, closed_at = $3 where id = $1`,
      [id, String(close.total.minor), close.at],
    );
  }

  async lines(
    merchantId: string,
    range: { from: bigint; to: bigint },
  ): Promise<readonly PendingLine[]> {
    const rows = await this.tx.query<LineRow[]>(
      `select version, side, amount_minor, currency from payout.pending_line
       where merchant_id = $1 and version between $2 and $3 order by version`,
      [merchantId, String(range.from), String(range.to)],
    );
    return rows.map(toLine);
  }

  async takeLines(
    id: string,
    merchantId: string,
    range: { from: bigint; to: bigint },
  ): Promise<void> {
    await this.tx.query(
      `update payout.pending_line set settlement_id = $1 where merchant_id = $2 and version between $3 and $4`,
      [id, merchantId, String(range.from), String(range.to)],
    );
  }

  async previousClose(merchantId: string): Promise<bigint> {
    const [row] = await this.tx.query<{ version: string }[]>(
      'select coalesce(max(close_version), 0) as version from payout.settlement where merchant_id = $1',
      [merchantId],
    );
    return BigInt(row?.version ?? '0');
  }

  async say(fact: Parameters<SettlementWrites['say']>[0]): Promise<void> {
    await this.outbox.say(this.tx, fact);
  }
}

export function toLine(row: LineRow): PendingLine {
  return {
    version: BigInt(row.version),
    side: row.side,
    amount: Money.ofMinor(BigInt(row.amount_minor), row.currency),
  };
}

function toSettlement(row: SettlementRow): Settlement {
  const version = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
  return {
    id: row.id,
    merchantId: row.merchant_id,
    state: row.state,
    amount:
      row.amount_minor === null ? null : Money.ofMinor(BigInt(row.amount_minor), row.currency),
    fromVersion: version(row.from_version),
    closeVersion: version(row.close_version),
    createdAt: row.created_at,
    closedAt: row.closed_at,
  };
}
