import type { PostgresAuditTrail } from '@stuiver/audit';
import type {
  ItemAge,
  ItemPerson,
  ItemReason,
  OpenItem,
  OpenItemDetail,
} from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import type { AuditFacts, Clock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { amsterdamDay } from '../../domain/t2-calendar.js';
import {
  ITEM_AGES,
  type ItemRow,
  type NoteRow,
  personOf,
  presentItem,
  presentNote,
} from '../http/present-item.js';

export interface ItemFilter {
  readonly before?: string | undefined;
  readonly kind?: string | undefined;
  /** `nobody`, or a person's id. */
  readonly owner?: string | undefined;
  readonly age?: ItemAge | undefined;
  readonly reason?: ItemReason | undefined;
}

/** What a person says: undefined leaves it as it was, an empty text takes it away. */
export interface ItemChange {
  readonly owner?: string;
  readonly reason?: ItemReason | '';
  readonly deadline?: string;
  readonly comment?: string;
}

const DAY = `(($1::timestamptz at time zone 'Europe/Amsterdam')::date - (i.since at time zone 'Europe/Amsterdam')::date)`;
const AGE = `case when ${DAY} <= 1 then '0-1' when ${DAY} <= 3 then '2-3' when ${DAY} <= 7 then '4-7' else '8-' end`;
/** Its last note says how it stands. */
const ITEMS = `select i.id, i.kind, i.subject, i.amount_minor, i.currency, i.explanation, i.since, i.due_at, i.resolved_at,
    i.resolution, greatest(${DAY}, 0) as age_days, ${AGE} as age, w.owner_id, w.owner_name, w.reason_code,
    w.deadline::text as deadline,
    coalesce(w.deadline < ($1::timestamptz at time zone 'Europe/Amsterdam')::date, false) as is_late,
    (select count(*)::int from payout.open_item_note c where c.open_item_id = i.id and c.comment is not null) as comments
  from payout.open_item i left join lateral (select * from payout.open_item_note n
    where n.open_item_id = i.id order by n.id desc limit 1) w on true`;
const NOTES = `select at, by_id, by_name, owner_id, owner_name, reason_code, deadline::text as deadline, comment
  from payout.open_item_note where open_item_id = $1 order by id desc limit 200`;
/** Those of finance who have worked here, by their last name. */
const PEOPLE = `select distinct on (id) id, name from (
    select by_id as id, by_name as name, at from payout.open_item_note
    union all select maker, maker_name, created_at from payout.batch where maker like 'stf\\_%' and maker_name is not null
    union all select checker, checker_name, given_at from payout.approval
      where checker like 'stf\\_%' and checker_name is not null) known
  order by id, at desc limit 200`;

/** Where people work the open items: whose each is, why it is there, until when, and what they said about it. */
export class ItemDesk {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly trail: PostgresAuditTrail,
  ) {}

  /** Those that are open, newest first. */
  async list(filter: ItemFilter, limit: number): Promise<readonly OpenItem[]> {
    const { before = null, kind = null, owner = null, age = null, reason = null } = filter;
    const rows = await this.database.query<ItemRow>(
      `${ITEMS} where i.resolved_at is null and ($2::text is null or i.id < $2) and ($3::text is null or i.kind = $3)
         and ($4::text is null or coalesce(w.owner_id, 'nobody') = $4) and ($5::text is null or ${AGE} = $5)
         and ($6::text is null or w.reason_code = $6)
       order by i.id desc limit $7`,
      [this.clock.now(), before, kind, owner, age, reason, limit],
    );
    return rows.map(presentItem);
  }

  /** One, open or not. */
  async find(id: string, reader: ItemPerson): Promise<OpenItemDetail | undefined> {
    const row = await this.row(id);
    if (row === undefined) return undefined;
    const notes = await this.database.query<NoteRow>(NOTES, [id]);
    return {
      ...presentItem(row),
      resolvedAt: row.resolved_at?.toISOString() ?? null,
      resolution: row.resolution,
      notes: notes.map(presentNote),
      people: await this.people(reader),
    };
  }

  /**
   * @throws Refusal NOT_FOUND; STATE_CONFLICT when it is closed; PARAM_ERROR for an owner whom finance does not know, a
   *   deadline that is over, or when nothing is said.
   */
  async note(id: string, change: ItemChange, by: ItemPerson): Promise<void> {
    const people = await this.people(by);
    const at = this.clock.now();
    await this.database.run(async (tx) => {
      await tx.query('select 1 from payout.open_item where id = $1 for update', [id]);
      const [row] = await tx.query<ItemRow[]>(`${ITEMS} where i.id = $2`, [at, id]);
      if (row === undefined) throw new Refusal('NOT_FOUND', { open_item: id });
      if (row.resolved_at !== null) {
        throw new Refusal('STATE_CONFLICT', { rule: 'the item is closed', why: 'item-closed' });
      }
      const next = after(row, change, people);
      needSomething(row, next, change);
      needTime(change.deadline, amsterdamDay(at));
      const comment = change.comment ?? null;
      await tx.query(
        `insert into payout.open_item_note (open_item_id, at, by_id, by_name, owner_id, owner_name, reason_code, deadline, comment)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ...[id, at, by.id, by.name, next.owner?.id ?? null, next.owner?.name ?? null],
          ...[next.reason, next.deadline, comment],
        ],
      );
      await this.trail.append(tx, {
        act: 'open-item-noted',
        subject: { kind: 'open-item', id },
        before: factsOf({ owner: personOf(row), reason: row.reason_code, deadline: row.deadline }),
        after: factsOf(next),
        ...(comment === null ? {} : { reason: comment }),
      });
    });
  }

  /** Those whose time is over, or that never had any; every age, also with none. */
  async exceptionsByAge(at: Date): Promise<readonly { age: ItemAge; count: number }[]> {
    const rows = await this.database.query<{ age: ItemAge; count: number }>(
      `select ${AGE} as age, count(*)::int as count from payout.open_item i
       where i.resolved_at is null and (i.due_at is null or i.due_at <= $1) group by 1`,
      [at],
    );
    const counts = new Map(rows.map(({ age, count }) => [age, count]));
    return ITEM_AGES.map((age) => ({ age, count: counts.get(age) ?? 0 }));
  }

  private async row(id: string): Promise<ItemRow | undefined> {
    const [row] = await this.database.query<ItemRow>(`${ITEMS} where i.id = $2`, [
      this.clock.now(),
      id,
    ]);
    return row;
  }

  private async people(reader: ItemPerson): Promise<readonly ItemPerson[]> {
    const known = await this.database.query<ItemPerson>(PEOPLE, []);
    return [{ id: reader.id, name: reader.name }, ...known.filter(({ id }) => id !== reader.id)];
  }
}

interface Standing {
  readonly owner: ItemPerson | null;
  readonly reason: ItemReason | null;
  readonly deadline: string | null;
}

function after(row: ItemRow, change: ItemChange, people: readonly ItemPerson[]): Standing {
  const { owner, reason = row.reason_code, deadline = row.deadline } = change;
  return {
    owner: owner === undefined ? personOf(row) : ownerNamed(owner, people),
    reason: reason === '' ? null : reason,
    deadline: deadline === '' ? null : deadline,
  };
}

function ownerNamed(id: string, people: readonly ItemPerson[]): ItemPerson | null {
  if (id === '') return null;
  const owner = people.find((person) => person.id === id);
  if (owner !== undefined) return owner;
  const rule = 'is nobody who has worked in finance here';
  throw new Refusal('PARAM_ERROR', { field: 'owner', rule, why: 'unknown-owner' });
}

function needSomething(row: ItemRow, next: Standing, { comment }: ItemChange): void {
  const isSame =
    (next.owner?.id ?? null) === row.owner_id &&
    next.reason === row.reason_code &&
    next.deadline === row.deadline;
  if (comment !== undefined || !isSame) return;
  throw new Refusal('PARAM_ERROR', {
    field: 'comment',
    rule: 'say something',
    why: 'says-nothing',
  });
}

function needTime(deadline: string | undefined, today: string): void {
  if (deadline === undefined || deadline === '' || deadline >= today) return;
  throw new Refusal('PARAM_ERROR', { field: 'deadline', rule: 'is over', why: 'deadline-over' });
}

function factsOf({ owner, reason, deadline }: Standing): AuditFacts {
  return { owner: owner?.id ?? null, reason, deadline };
}
