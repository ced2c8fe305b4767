import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { TieOut } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import type { Money } from '@stuiver/money';
import type { Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { type Day, endOfT2BusinessDay } from '../../domain/t2-calendar.js';
import type { OpenItems, Sides, TieOutResult, TieOutStore } from '../../use-cases/recon-ports.js';
import { presentTieOut } from '../http/present-tie-out.js';
import { WANTED } from './wanted-items.js';

interface WantedItem {
  readonly kind: string;
  readonly subject: string;
  readonly amount_minor: string | null;
  readonly explanation: string;
  readonly psp_minor: string;
  readonly transit_minor: string;
  readonly bank_minor: string;
  readonly since: string;
  readonly due_at: string | null;
  /** Due so many T2 business days after this day. */
  readonly due_after: Day | null;
  readonly business_days: number | null;
}

interface WantedRow {
  readonly items: readonly WantedItem[];
  readonly psp: string;
  readonly transit: string;
  readonly bank: string;
  readonly psp_net: string;
  readonly booked_version: string | null;
  readonly booked_balance: string | null;
  readonly under_way: string;
  readonly closing: string | null;
  readonly closing_day: string | null;
}

export interface KeptTieOut {
  readonly at: Date;
  readonly explained: boolean;
  readonly rows: TieOut['rows'];
}

/** Kinds that follow from no record of ours, so only a person closes them. */
const BY_HAND = ['duplicate-statement'];

/** Kept, so that it is known since when something is open and why it was closed. */
export class PostgresOpenItems implements OpenItems, TieOutStore {
  constructor(
    private readonly database: Database,
    private readonly random: Random,
    private readonly trail: PostgresAuditTrail,
  ) {}

  refresh(at: Date): Promise<Sides> {
    return this.database.run(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('payout.open_item'))`);
      const [row] = await tx.query<WantedRow[]>(WANTED);
      if (row === undefined) throw new RangeError('a select without from gives one row');
      for (const item of row.items) await this.open(tx, item, at);
      await tx.query(
        `update payout.open_item o set resolved_at = $1, resolution = 'its cause is gone'
         where o.resolved_at is null and o.kind <> all($2)
           and not exists (select 1 from unnest($3::text[], $4::text[]) as w (kind, subject)
                           where w.kind = o.kind and w.subject = o.subject)`,
        [at, BY_HAND, row.items.map(({ kind }) => kind), row.items.map(({ subject }) => subject)],
      );
      return toSides(row);
    });
  }

  async add(item: {
    kind: 'duplicate-statement';
    subject: string;
    explanation: string;
    at: Date;
  }): Promise<void> {
    const { kind, subject, explanation, at } = item;
    await this.database.query(
      `insert into payout.open_item (id, kind, subject, currency, explanation, psp_minor, transit_minor, bank_minor, since)
       values ($1, $2, $3, 'EUR', $4, 0, 0, 0, $5) on conflict (kind, subject) where resolved_at is null do nothing`,
      [newId('OpenItem', at, this.random), kind, subject, explanation, at],
    );
  }

  /** A person looked at it. @throws Refusal NOT_FOUND; STATE_CONFLICT for one that closes when its cause is gone. */
  async close(id: string, end: { by: string; note: string; at: Date }): Promise<void> {
    await this.database.run(async (tx) => {
      const [row] = await tx.query<{ kind: string; subject: string }[]>(
        'select kind, subject from payout.open_item where id = $1 and resolved_at is null for update',
        [id],
      );
      if (row === undefined) throw new Refusal('NOT_FOUND', { open_item: id });
      if (!BY_HAND.includes(row.kind)) {
        throw new Refusal('STATE_CONFLICT', {
          rule: 'closes by itself when its cause is gone',
          why: 'closes-by-itself',
        });
      }
      await tx.query(
        'update payout.open_item set resolved_at = $2, resolution = $3 where id = $1',
        [id, end.at, `${end.by}: ${end.note}`],
      );
      await this.trail.append(tx, {
        act: 'open-item-closed',
        subject: { kind: 'open-item', id },
        before: { kind: row.kind, about: row.subject },
        reason: end.note,
      });
    });
  }

  counts(): Promise<readonly { kind: string; count: number }[]> {
    return this.database.query(
      `select kind, count(*)::int as count from payout.open_item where resolved_at is null group by kind order by kind`,
    );
  }

  async keep(day: string, result: TieOutResult, unexplained: Money): Promise<void> {
    await this.database.query(
      `insert into payout.tie_out (day, at, explained, rows, unexplained_minor, unexplained_max_minor)
       values ($1, $2, $3, $4, $5, $5)
       on conflict (day) do update set at = excluded.at, explained = excluded.explained, rows = excluded.rows,
         unexplained_minor = excluded.unexplained_minor,
         unexplained_max_minor = greatest(tie_out.unexplained_max_minor, excluded.unexplained_minor)`,
      [
        ...[day, result.at, unexplained.minor === 0n],
        ...[JSON.stringify(presentTieOut(result).rows), String(unexplained.minor)],
      ],
    );
  }

  async lastAt(): Promise<Date | null> {
    return (await this.lastTieOut())?.at ?? null;
  }

  /** The last reading. */
  async lastTieOut(): Promise<KeptTieOut | undefined> {
    const [row] = await this.database.query<KeptTieOut>(
      'select at, explained, rows from payout.tie_out order by day desc limit 1',
    );
    return row;
  }

  private async open(tx: EntityManager, item: WantedItem, at: Date): Promise<void> {
    await tx.query(
      `insert into payout.open_item (id, kind, subject, amount_minor, currency, explanation, psp_minor, transit_minor,
         bank_minor, since, due_at)
       values ($1, $2, $3, $4, 'EUR', $5, $6, $7, $8, $9, $10)
       on conflict (kind, subject) where resolved_at is null do update set amount_minor = excluded.amount_minor,
         explanation = excluded.explanation, psp_minor = excluded.psp_minor, transit_minor = excluded.transit_minor,
         bank_minor = excluded.bank_minor, due_at = excluded.due_at`,
      [
        ...[newId('OpenItem', at, this.random), item.kind, item.subject, item.amount_minor],
        ...[item.explanation, item.psp_minor, item.transit_minor, item.bank_minor],
        ...[item.since, dueOf(item)],
      ],
    );
  }
}

function dueOf({ due_at: at, due_after: day, business_days: count }: WantedItem): string | null {
  if (day === null || count === null) return at;
  return endOfT2BusinessDay(day, count).toISOString();
}

function toSides(row: WantedRow): Sides {
  return {
    explained: { psp: BigInt(row.psp), transit: BigInt(row.transit), bank: BigInt(row.bank) },
    pspNet: BigInt(row.psp_net),
    pspBooked: {
      version: BigInt(row.booked_version ?? '0'),
      balance: BigInt(row.booked_balance ?? '0'),
    },
    underWay: BigInt(row.under_way),
    bank: { closing: BigInt(row.closing ?? '0'), day: row.closing_day },
  };
}
