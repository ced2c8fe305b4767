import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Outbox } from '@stuiver/bus';
import { errorCode, Refusal } from '@stuiver/errors';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type {
  PayeeChange,
  PayeeChanges,
  PayeeChangeWrites,
  PayeeCheck,
  SealedDetails,
} from '../../use-cases/payee-ports.js';
import type { Fact, Payee, Person } from '../../use-cases/ports.js';
import { saveApproval } from './approvals.js';
import type { SealedPayees } from './sealed-payees.js';

export interface PayeeChangeRow {
  readonly id: string;
  readonly merchant_id: string;
  readonly state: PayeeChange['state'];
  readonly name_sealed: Buffer;
  readonly iban_sealed: Buffer;
  readonly iban_last4: string;
  readonly details_sha256: string;
  readonly asked_by: string;
  readonly asked_by_name: string | null;
  readonly asked_at: Date;
  readonly expires_at: Date;
  readonly approved_by: string | null;
  readonly approved_by_name: string | null;
  readonly use_from: Date | null;
  readonly payee_check: PayeeCheck | null;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
  readonly ended_by_name: string | null;
}

export const PAYEE_CHANGES = `select id, merchant_id, state, name_sealed, iban_sealed, iban_last4, details_sha256,
  asked_by, asked_by_name, asked_at, expires_at, approved_by, approved_by_name, use_from, payee_check, ended_at, ended_by, ended_by_name
  from payout.payee_change`;
const UNIQUE_VIOLATION = '23505';

/** What was asked to change of payees, sealed as the payees are. */
export class PostgresPayeeChanges implements PayeeChanges {
  constructor(
    private readonly database: Database,
    private readonly payees: SealedPayees,
    private readonly tools: { outbox: Outbox; trail: PostgresAuditTrail },
  ) {}

  run<T>(work: (writes: PayeeChangeWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.tools)));
  }

  async seal(payee: Payee): Promise<SealedDetails> {
    const { name, iban } = await this.payees.seal(payee);
    return { merchantId: payee.merchantId, name, iban, ibanLast4: payee.iban.slice(-4) };
  }

  async find(id: string): Promise<PayeeChange | undefined> {
    const [row] = await this.database.query<PayeeChangeRow>(`${PAYEE_CHANGES} where id = $1`, [id]);
    return row === undefined ? undefined : toPayeeChange(row);
  }

  async open(merchantId: string): Promise<{ change: PayeeChange; payee: Payee } | undefined> {
    const [row] = await this.database.query<PayeeChangeRow>(
      `${PAYEE_CHANGES} where merchant_id = $1 and state in ('asked', 'approved')`,
      [merchantId],
    );
    if (row === undefined) return undefined;
    const { name_sealed: name, iban_sealed: iban } = row;
    const payee = await this.payees.open({ merchant_id: merchantId, name, iban });
    return { change: toPayeeChange(row), payee };
  }

  async due(at: Date): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select id from payout.payee_change
       where state = 'approved' and use_from <= $1 or state = 'asked' and expires_at <= $1 order by id`,
      [at],
    );
    return rows.map(({ id }) => id);
  }
}

class Writes implements PayeeChangeWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly tools: { outbox: Outbox; trail: PostgresAuditTrail },
  ) {}

  async lock(id: string): Promise<PayeeChange | undefined> {
    const [row] = await this.tx.query<PayeeChangeRow[]>(
      `${PAYEE_CHANGES} where id = $1 for update`,
      [id],
    );
    return row === undefined ? undefined : toPayeeChange(row);
  }

  async insert(asked: Parameters<PayeeChangeWrites['insert']>[0]): Promise<void> {
    const { id, details, by, at } = asked;
    const { merchantId, name, iban, ibanLast4 } = details;
    await this.tx
      .query(
        `insert into payout.payee_change (id, merchant_id, state, name_sealed, iban_sealed, iban_last4, asked_by,
           asked_by_name, asked_at, expires_at)
         select $1, $2, 'asked', $3, $4, $5, $6, $7, $8::timestamptz, $8::timestamptz + make_interval(days => payee_asked_days)
           from payout.four_eyes`,
        [id, merchantId, name, iban, ibanLast4, by.id, by.name, at],
      )
      .catch(refuseSecondChange);
  }

  async saveApproved(
    change: PayeeChange,
    approval: { by: Person; at: Date; payeeCheck: PayeeCheck },
  ): Promise<void> {
    const { id, merchantId, detailsSha256: hash } = change;
    const { by, at, payeeCheck } = approval;
    const ask = <Row>(sql: string, parameters: unknown[]): Promise<Row[]> =>
      this.tx.query<Row[]>(sql, parameters);
    await saveApproval(ask, 'payee-change', { subject: id, hash, by, at });
    await this.tx.query(
      `update payout.payee_change set state = 'approved', approved_by = $2, approved_by_name = $3,
         approved_at = $4::timestamptz, payee_check = $5,
         use_from = $4::timestamptz + case when exists (select 1 from payout.payee where merchant_id = $6)
           then make_interval(hours => (select cool_off_hours from payout.four_eyes)) else interval '0' end
       where id = $1`,
      [id, by.id, by.name, at, payeeCheck, merchantId],
    );
  }

  async saveEnded(
    id: string,
    end: { state: 'refused' | 'withdrawn' | 'expired'; by: Person | null; at: Date },
  ): Promise<void> {
    await this.tx.query(
      `update payout.payee_change set state = $2, ended_at = $3, ended_by = $4, ended_by_name = $5
       where id = $1`,
      [id, end.state, end.at, end.by?.id ?? null, end.by?.name ?? null],
    );
  }

  async use({ id }: PayeeChange, at: Date): Promise<void> {
    await this.tx.query(
      `insert into payout.payee (merchant_id, name_sealed, iban_sealed, iban_last4, changed_at, confirmed_at, change_id)
       select merchant_id, name_sealed, iban_sealed, iban_last4, $2, $2, id from payout.payee_change where id = $1
       on conflict (merchant_id) do update set name_sealed = excluded.name_sealed, iban_sealed = excluded.iban_sealed,
         iban_last4 = excluded.iban_last4, changed_at = excluded.changed_at, confirmed_at = excluded.confirmed_at,
         change_id = excluded.change_id`,
      [id, at],
    );
    await this.tx.query(
      `update payout.payee_change set state = 'in-use', ended_at = $2 where id = $1`,
      [id, at],
    );
  }

  async say(fact: Fact): Promise<void> {
    await this.tools.outbox.say(this.tx, fact);
  }

  async audit(entry: AuditEntry): Promise<void> {
    await this.tools.trail.append(this.tx, entry);
  }
}

function refuseSecondChange(error: unknown): never {
  if (errorCode(error) === UNIQUE_VIOLATION) {
    throw new Refusal('STATE_CONFLICT', {
      rule: 'another change of this payee is open: withdraw or decide it first',
      why: 'payee-changing',
    });
  }
  throw error;
}

export function toPayeeChange(row: PayeeChangeRow): PayeeChange {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    state: row.state,
    ibanLast4: row.iban_last4,
    detailsSha256: row.details_sha256,
    askedBy: { id: row.asked_by, name: row.asked_by_name },
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    approvedBy: personOf(row.approved_by, row.approved_by_name),
    useFrom: row.use_from,
    payeeCheck: row.payee_check,
    endedAt: row.ended_at,
    endedBy: personOf(row.ended_by, row.ended_by_name),
  };
}

function personOf(id: string | null, name: string | null): Person | null {
  return id === null ? null : { id, name };
}
