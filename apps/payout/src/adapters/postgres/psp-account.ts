import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { errorCode, Refusal } from '@stuiver/errors';
import { commandIdOf } from '@stuiver/ids';
import { Money } from '@stuiver/money';
import type { Database } from '@stuiver/postgres';
import type { PspPart } from '../../domain/psp-parts.js';
import type {
  PspBooking,
  PspPayoutRequest,
  PspPayoutRequests,
  PspStore,
  PspTransactionToKeep,
} from '../../use-cases/recon-ports.js';
import { folded } from './bank-lines.js';
import { recordIntents } from './recorded-commands.js';

const UNIQUE_VIOLATION = '23505';

/** The PSP's transactions and the ledger's mirror of them, side by side. */
export class PostgresPspAccount implements PspStore {
  constructor(private readonly database: Database) {}

  async cursor(): Promise<string | null> {
    const [row] = await this.database.query<{ after: string | null }>(
      'select after from payout.psp_cursor',
    );
    return row?.after ?? null;
  }

  keepPage(
    after: string | null,
    page: readonly PspTransactionToKeep[],
    at: Date,
  ): Promise<boolean> {
    return this.database.run(async (tx) => {
      const [cursor] = await tx.query<{ after: string | null }[]>(
        'select after from payout.psp_cursor for update',
      );
      if (cursor?.after !== after) return false;
      for (const transaction of page) await keepTransaction(tx, transaction, at);
      await tx.query('update payout.psp_cursor set after = $1', [page.at(-1)?.id ?? after]);
      return true;
    });
  }

  async lastBookingVersion(): Promise<bigint> {
    const [row] = await this.database.query<{ version: string }>(
      'select coalesce(max(version), 0) as version from payout.psp_booking',
    );
    return BigInt(row?.version ?? '0');
  }

  async keepBookings(bookings: readonly PspBooking[]): Promise<void> {
    const texts = (of: (booking: PspBooking) => bigint): string[] =>
      bookings.map((booking) => of(booking).toString());
    await this.database.query(
      `insert into payout.psp_booking (version, transfer_seq, amount_minor, balance_after_minor, command_id, command_kind, booked_at, key)
       select b.*, (select k.key from payout.psp_key_command k where k.command_id = b.command_id)
       from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::timestamptz[])
         as b (version, transfer_seq, amount_minor, balance_after_minor, command_id, command_kind, booked_at)
       on conflict (version) do nothing`,
      [
        texts(({ version }) => version),
        texts(({ seq }) => seq),
        texts(({ amountMinor }) => amountMinor),
        texts(({ balanceAfterMinor }) => balanceAfterMinor),
        bookings.map(({ commandId }) => commandId),
        bookings.map(({ commandKind }) => commandKind),
        bookings.map(({ bookedAt }) => bookedAt),
      ],
    );
  }

  async tie(at: Date): Promise<void> {
    await this.database.run(async (tx) => {
      // Two at once would wait for each other's rows.
      await tx.query(`select pg_advisory_xact_lock(hashtext('payout.psp_tie'))`);
      // A booking that came before its transaction learns its key now.
      await tx.query(
        `update payout.psp_booking b set key = k.key from payout.psp_key_command k
         where k.command_id = b.command_id and b.tied_at is null and b.key is null`,
      );
      await tx.query(
        `with open as (
           select key, sum(outside) as outside, sum(booked) as booked from (
             select key, amount_minor as outside, 0 as booked from payout.psp_part where tied_at is null
             union all
             select key, 0, amount_minor from payout.psp_booking where tied_at is null and key is not null) each
           group by key having sum(outside) = sum(booked)),
         parts as (update payout.psp_part p set tied_at = $1 from open where open.key = p.key and p.tied_at is null)
         update payout.psp_booking b set tied_at = $1 from open where open.key = b.key and b.tied_at is null`,
        [at],
      );
    });
  }

  async position(): Promise<bigint> {
    const [row] = await this.database.query<{ position: string }>(
      'select coalesce(max(position), 0) as position from payout.psp_transaction',
    );
    return BigInt(row?.position ?? '0');
  }

  async wasHeld(held: Money, since: bigint): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from (
         select coalesce(sum(net_minor), 0) as total from payout.psp_transaction where position <= $1
         union all
         select (select coalesce(sum(net_minor), 0) from payout.psp_transaction where position <= $1)
           + sum(net_minor) over (order by position) from payout.psp_transaction where position > $1) totals
       where total = $2 limit 1`,
      [String(since), String(held.minor)],
    );
    return rows.length > 0;
  }

  async finishMessages(at: Date): Promise<void> {
    await this.database.query(
      'update payout.psp_inbox set done_at = $1 where done_at is null and received_at <= $1',
      [at],
    );
  }

  async keepMessage(message: {
    pspEventId: string;
    sha256: Uint8Array;
    sealed: Uint8Array;
    at: Date;
  }): Promise<void> {
    const { pspEventId, sha256, sealed, at } = message;
    await this.database.query(
      `insert into payout.psp_inbox (psp_event_id, body_sha256, body_sealed, received_at)
       values ($1, $2, $3, $4) on conflict do nothing`,
      [pspEventId, Buffer.from(sha256), Buffer.from(sealed), at],
    );
  }
}

/** What we asked the PSP to send us. */
export class PostgresPspRequests implements PspPayoutRequests {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async insert(request: { id: string; amount: Money; by: string; at: Date }): Promise<void> {
    const { id, amount, by, at } = request;
    await this.database
      .run(async (tx) => {
        await tx.query(
          `insert into payout.psp_payout_request (id, amount_minor, currency, state, asked_by, asked_at)
           values ($1, $2, $3, 'requested', $4, $5)`,
          [id, String(amount.minor), amount.currency, by, at],
        );
        const subject = { kind: 'psp-payout', id } as const;
        const after = { amountMinor: String(amount.minor), currency: amount.currency };
        await this.trail.append(tx, { act: 'psp-payout-requested', subject, after });
      })
      .catch((error: unknown) => {
        if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
        const rule = 'the outcome of an earlier payout of the PSP is not known yet';
        throw new Refusal('STATE_CONFLICT', { rule });
      });
  }

  async unknown(): Promise<readonly PspPayoutRequest[]> {
    const rows = await this.database.query<{ id: string; amount_minor: string; asked_at: Date }>(
      `select id, amount_minor, asked_at from payout.psp_payout_request where state = 'requested' order by id`,
    );
    return rows.map((row) => ({
      id: row.id,
      amount: Money.ofMinor(BigInt(row.amount_minor), 'EUR'),
      state: 'requested',
      askedAt: row.asked_at,
      pspPayoutId: null,
    }));
  }

  async saveSent(id: string, pspPayoutId: string): Promise<void> {
    await this.database.query(
      `update payout.psp_payout_request set state = 'sent', psp_payout_id = $2 where id = $1 and state = 'requested'`,
      [id, pspPayoutId],
    );
  }

  async saveRefused(id: string, reason: string): Promise<void> {
    await this.database.query(
      `update payout.psp_payout_request set state = 'refused', refusal = $2 where id = $1 and state = 'requested'`,
      [id, reason],
    );
  }

  async findByReference(id: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ psp_reference: string | null }>(
      `select psp_reference from payout.psp_transaction where reference = $1 and kind = 'payout' limit 1`,
      [id],
    );
    return row?.psp_reference ?? undefined;
  }
}

async function keepTransaction(
  tx: EntityManager,
  transaction: PspTransactionToKeep,
  at: Date,
): Promise<void> {
  const { id, kind, amount, fee, net, parts, intents } = transaction;
  const inserted = await tx.query<unknown[]>(
    `insert into payout.psp_transaction (id, kind, amount_minor, fee_minor, net_minor, currency, psp_reference, reference,
       created_at, available_at, imported_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing returning id`,
    [
      ...[id, kind, String(amount.minor), String(fee.minor), String(net.minor), amount.currency],
      ...[transaction.pspReference, transaction.reference],
      ...[transaction.createdAt, transaction.availableAt, at],
    ],
  );
  if (inserted.length === 0) return;
  for (const part of parts) await keepPart(tx, id, part);
  await recordIntents(tx, intents, at);
  await keepPayout(tx, transaction);
}

async function keepPart(tx: EntityManager, transactionId: string, part: PspPart): Promise<void> {
  await tx.query(
    'insert into payout.psp_part (transaction_id, part, key, amount_minor) values ($1, $2, $3, $4)',
    [transactionId, part.part, part.key, String(part.amount.minor)],
  );
  for (const { purpose, businessId } of part.commands) {
    await tx.query(
      'insert into payout.psp_key_command (command_id, key) values ($1, $2) on conflict do nothing',
      [commandIdOf(purpose, businessId), part.key],
    );
  }
}

async function keepPayout(tx: EntityManager, transaction: PspTransactionToKeep): Promise<void> {
  const { id, kind, amount, createdAt } = transaction;
  const pspPayoutId = transaction.pspReference ?? id;
  if (kind === 'payout') {
    await tx.query(
      `insert into payout.psp_payout (id, id_folded, transaction_id, amount_minor, currency, sent_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        ...[pspPayoutId, folded(pspPayoutId), id],
        ...[String(-amount.minor), amount.currency, createdAt],
      ],
    );
  }
  if (kind === 'payout-failure') {
    await tx.query('update payout.psp_payout set failed_by = $2 where id = $1', [pspPayoutId, id]);
  }
}
