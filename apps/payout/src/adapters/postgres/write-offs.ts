import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { WriteOffReason } from '@stuiver/contracts';
import { errorCode, Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { Person } from '../../use-cases/ports.js';
import type {
  LineWrittenOff,
  WriteOff,
  WriteOffStore,
  WriteOffWrites,
} from '../../use-cases/write-off-ports.js';
import { saveApproval } from './approvals.js';
import { recordIntents } from './recorded-commands.js';

interface Row {
  readonly id: string;
  readonly bank_line_id: string;
  readonly state: WriteOff['state'];
  readonly reason: WriteOffReason;
  readonly note: string;
  readonly amount_minor: string;
  readonly details_sha256: string;
  readonly asked_by: string;
  readonly asked_by_name: string | null;
  readonly asked_at: Date;
  readonly approved_by: string | null;
  readonly approved_by_name: string | null;
  readonly approved_at: Date | null;
  readonly ended_by: string | null;
  readonly ended_by_name: string | null;
  readonly ended_at: Date | null;
}

/** A write-off as pages show it. */
export interface ShownWriteOff extends WriteOff {
  readonly decidedAt: Date | null;
}

const COLUMNS = `w.id, w.bank_line_id, w.state, w.reason, w.note, w.amount_minor, w.details_sha256, w.asked_by,
  w.asked_by_name, w.asked_at, w.approved_by, w.approved_by_name, w.approved_at, w.ended_by, w.ended_by_name, w.ended_at`;
const RULE = 'written-off';
const UNIQUE_VIOLATION = '23505';
const NOT_OPEN = 'PO003';

/** What was and is to be written off. */
export class PostgresWriteOffs implements WriteOffStore {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  run<T>(work: (writes: WriteOffWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.trail)));
  }

  /** Those that wait and whose line is still open; newest first, older than `before`. */
  async waiting(page: { before: string | null; limit: number }): Promise<readonly ShownWriteOff[]> {
    const rows = await this.database.query<Row>(
      `select ${COLUMNS} from payout.write_off w join payout.bank_line l on l.id = w.bank_line_id
       where w.state = 'asked' and l.state = 'open' and ($1::text is null or w.id < $1) order by w.id desc limit $2`,
      [page.before, page.limit],
    );
    return rows.map(toShown);
  }

  /** Newest first. */
  async ofLine(lineId: string): Promise<readonly ShownWriteOff[]> {
    const rows = await this.database.query<Row>(
      `select ${COLUMNS} from payout.write_off w where w.bank_line_id = $1 order by w.id desc limit 50`,
      [lineId],
    );
    return rows.map(toShown);
  }

  async find(id: string): Promise<ShownWriteOff | undefined> {
    const [row] = await this.database.query<Row>(
      `select ${COLUMNS} from payout.write_off w where w.id = $1`,
      [id],
    );
    return row === undefined ? undefined : toShown(row);
  }
}

class Writes implements WriteOffWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async lock(id: string): Promise<{ writeOff: WriteOff; line: LineWrittenOff } | undefined> {
    const [line] = await this.tx.query<{ id: string; state: string; booked_day: string }[]>(
      `select l.id, l.state, l.booked_on::text as booked_day from payout.bank_line l
       where l.id = (select bank_line_id from payout.write_off where id = $1) for update`,
      [id],
    );
    const [row] = await this.tx.query<Row[]>(
      `select ${COLUMNS} from payout.write_off w where w.id = $1 for update`,
      [id],
    );
    if (line === undefined || row === undefined) return undefined;
    const { id: lineId, state, booked_day: bookedOn } = line;
    return { writeOff: toShown(row), line: { id: lineId, bookedOn, isOpen: state === 'open' } };
  }

  async insert(asked: Parameters<WriteOffWrites['insert']>[0]): Promise<void> {
    const { id, lineId, reason, note, by, at } = asked;
    const known = await this.tx.query<unknown[]>('select 1 from payout.bank_line where id = $1', [
      lineId,
    ]);
    if (known.length === 0) throw new Refusal('NOT_FOUND', { line: lineId });
    await this.tx
      .query(
        `insert into payout.write_off (id, bank_line_id, state, reason, note, asked_by, asked_by_name, asked_at)
         values ($1, $2, 'asked', $3, $4, $5, $6, $7)`,
        [id, lineId, reason, note, by.id, by.name, at],
      )
      .catch(refuseClosedLine);
  }

  async saveApproved(
    writeOff: WriteOff,
    { by, at, intent }: Parameters<WriteOffWrites['saveApproved']>[1],
  ): Promise<void> {
    const { id, lineId, detailsSha256: hash, note } = writeOff;
    const ask = <Found>(sql: string, parameters: unknown[]): Promise<Found[]> =>
      this.tx.query<Found[]>(sql, parameters);
    await saveApproval(ask, 'write-off', { subject: id, hash, by, at });
    await this.tx.query(
      `update payout.write_off set state = 'approved', approved_by = $2, approved_by_name = $3, approved_at = $4
       where id = $1`,
      [id, by.id, by.name, at],
    );
    await this.tx.query(
      `insert into payout.bank_match (bank_line_id, rule, rule_version, explanation, person, taken_back, matched_at)
       values ($1, $2, 1, $3, $4, false, $5)`,
      [lineId, RULE, note, by.id, at],
    );
    await recordIntents(this.tx, [intent], at);
    await this.tx.query(
      `update payout.bank_line set state = 'matched', problem = null where id = $1`,
      [lineId],
    );
  }

  async saveEnded(
    id: string,
    { state, by, at }: Parameters<WriteOffWrites['saveEnded']>[1],
  ): Promise<void> {
    await this.tx.query(
      `update payout.write_off set state = $2, ended_by = $3, ended_by_name = $4, ended_at = $5 where id = $1`,
      [id, state, by.id, by.name, at],
    );
  }

  async audit(entry: AuditEntry): Promise<void> {
    await this.trail.append(this.tx, entry);
  }
}

function refuseClosedLine(error: unknown): never {
  const code = errorCode(error);
  if (code === UNIQUE_VIOLATION) {
    const rule = 'somebody asked for it already';
    throw new Refusal('STATE_CONFLICT', { rule, why: 'write-off-asked-already' });
  }
  if (code === NOT_OPEN) {
    const rule = 'the line is placed, or no rule has looked at it yet';
    throw new Refusal('STATE_CONFLICT', { rule, why: 'line-placed-already' });
  }
  throw error;
}

function toShown(row: Row): ShownWriteOff {
  const { id, state, reason, note } = row;
  return {
    ...{ id, state, reason, note, lineId: row.bank_line_id },
    amount: Money.ofMinor(BigInt(row.amount_minor), 'EUR'),
    detailsSha256: row.details_sha256,
    askedBy: { id: row.asked_by, name: row.asked_by_name },
    askedAt: row.asked_at,
    approvedBy: personOf(row.approved_by, row.approved_by_name),
    endedBy: personOf(row.ended_by, row.ended_by_name),
    decidedAt: row.approved_at ?? row.ended_at,
  };
}

function personOf(id: string | null, name: string | null): Person | null {
  return id === null ? null : { id, name };
}
