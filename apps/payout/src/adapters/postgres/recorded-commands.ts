import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Outbox } from '@stuiver/bus';
import { type LedgerCommand, LedgerCommandSchema } from '@stuiver/contracts';
import { errorCode, invariant, Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { Database } from '@stuiver/postgres';
import { nextPayoutState, type PayoutState } from '../../domain/payout-states.js';
import { movesOf } from '../../use-cases/intents.js';
import type { Fact } from '../../use-cases/ports.js';
import type {
  CommandBook,
  Intent,
  MoneyOfPayout,
  PayoutEnd,
  Recorded,
} from '../../use-cases/recon-ports.js';

interface CommandRow {
  readonly command_id: string;
  readonly content: unknown;
  readonly bank_line_id: string | null;
  readonly psp_transaction_id: string | null;
  readonly payout_id: string | null;
  readonly to_state: PayoutEnd['state'] | null;
  readonly reason_code: string | null;
}

export interface PayoutRow {
  readonly id: string;
  readonly batch_id: string;
  readonly merchant_id: string;
  readonly state: PayoutState;
  readonly amount_minor: string;
  readonly currency: 'EUR';
}

const UNIQUE_VIOLATION = '23505';

/** Writes intents down, in the transaction of what they follow from. */
export async function recordIntents(
  tx: EntityManager,
  intents: readonly Intent[],
  at: Date,
): Promise<void> {
  for (const intent of intents) {
    const { command, bankLineId, pspTransactionId, end } = intent;
    const moves = movesOf(intent);
    await tx.query(
      `insert into payout.recorded_command (command_id, content, bank_line_id, psp_transaction_id, payout_id, to_state,
         reason_code, bank_minor, transit_minor, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[command.id, JSON.stringify(command), bankLineId, pspTransactionId],
        ...[end?.payoutId ?? null, end?.state ?? null, end?.code ?? null],
        ...[String(moves.bank), String(moves.transit), at],
      ],
    );
  }
}

/** Bookings between their record and their end. */
export class PostgresCommandBook implements CommandBook {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async toBook(limit: number): Promise<readonly Recorded[]> {
    const rows = await this.database.query<CommandRow>(
      `select command_id, content, bank_line_id, psp_transaction_id, payout_id, to_state, reason_code
       from payout.recorded_command where booked_at is null and problem is null order by seq limit $1`,
      [limit],
    );
    return rows.map(toRecorded);
  }

  remember(recorded: Recorded, at: Date): Promise<void> {
    return this.database.run(async (tx) => {
      const done = await tx.query<unknown[]>(
        `with done as (update payout.recorded_command set booked_at = $2
           where command_id = $1 and booked_at is null returning command_id)
         select command_id from done`,
        [recorded.commandId, at],
      );
      if (done.length === 0 || recorded.end === null) return;
      await this.end(tx, { end: recorded.end, lineId: recorded.bankLineId, at });
    });
  }

  async giveUp(commandId: string, problem: string): Promise<void> {
    await this.database.query(
      'update payout.recorded_command set problem = $2 where command_id = $1 and booked_at is null',
      [commandId, problem],
    );
  }

  async recordRejection(
    payoutId: string,
    make: (payout: MoneyOfPayout) => Intent,
    at: Date,
  ): Promise<void> {
    await this.database
      .run(async (tx) => {
        const payout = await lock(tx, payoutId);
        if (payout === undefined) throw new Refusal('NOT_FOUND', { payout: payoutId });
        const next = nextPayoutState(payout.state, 'rejected');
        if (next === 'repeat') return;
        if (next === 'refused') {
          throw new Refusal('STATE_CONFLICT', { payout: payoutId, state: payout.state });
        }
        const [known] = await tx.query<{ to_state: string }[]>(
          'select to_state from payout.recorded_command where payout_id = $1',
          [payoutId],
        );
        if (known?.to_state === 'rejected') return;
        const intent = make(moneyOf(payout));
        await recordIntents(tx, [intent], at);
        await this.trail.append(tx, {
          act: 'payout-rejected',
          subject: { kind: 'payout', id: payoutId },
          before: { state: payout.state },
          after: { state: 'rejected', reasonCode: intent.end?.code ?? null },
        });
      })
      .catch((error: unknown) => {
        if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
        const rule = 'the bank’s statement shows it as paid';
        throw new Refusal('STATE_CONFLICT', { payout: payoutId, rule, why: 'paid-on-statement' });
      });
  }

  private async end(
    tx: EntityManager,
    { end, lineId, at }: { end: PayoutEnd; lineId: string | null; at: Date },
  ): Promise<void> {
    const payout = await lock(tx, end.payoutId);
    invariant(payout !== undefined, 'a payout that ends is there');
    const next = nextPayoutState(payout.state, end.state);
    if (next === 'repeat') return;
    invariant(next !== 'refused', `a payout does not go from ${payout.state} to ${end.state}`);
    await tx.query(
      `update payout.payout set state = $2, reason_code = $3, ended_at = $5,
         settled_line = case when $2 = 'settled' then $4 else settled_line end,
         returned_line = case when $2 = 'returned' then $4 else returned_line end
       where id = $1`,
      [end.payoutId, end.state, end.code, lineId, at],
    );
    await this.outbox.say(tx, factOf(payout, { end, lineId: lineId ?? '', at: at.toISOString() }));
  }
}

async function lock(tx: EntityManager, id: string): Promise<PayoutRow | undefined> {
  const [row] = await tx.query<PayoutRow[]>(
    `select id, batch_id, merchant_id, state, amount_minor, currency from payout.payout where id = $1 for update`,
    [id],
  );
  return row;
}

export function moneyOf(row: PayoutRow): MoneyOfPayout {
  const amount = Money.ofMinor(BigInt(row.amount_minor), row.currency);
  return { id: row.id, merchantId: row.merchant_id, amount };
}

function factOf(
  payout: PayoutRow,
  { end, lineId, at }: { end: PayoutEnd; lineId: string; at: string },
): Fact {
  const facts = {
    payoutId: payout.id,
    batchId: payout.batch_id,
    merchantId: payout.merchant_id,
    amountMinor: payout.amount_minor,
    currency: payout.currency,
  };
  const subject = payout.merchant_id;
  const reasonCode = end.code ?? '';
  if (end.state === 'settled') {
    const data = { ...facts, bankLineId: lineId, settledAt: at };
    return { type: 'payout.settled.v1', subject, data };
  }
  if (end.state === 'rejected') {
    return { type: 'payout.rejected.v1', subject, data: { ...facts, reasonCode, rejectedAt: at } };
  }
  const data = { ...facts, bankLineId: lineId, reasonCode, returnedAt: at };
  return { type: 'payout.returned.v1', subject, data };
}

function toRecorded(row: CommandRow): Recorded {
  const command: LedgerCommand = LedgerCommandSchema.parse(row.content);
  const { payout_id: payoutId, to_state: state } = row;
  return {
    command,
    commandId: row.command_id,
    bankLineId: row.bank_line_id,
    pspTransactionId: row.psp_transaction_id,
    end: payoutId === null || state === null ? null : { payoutId, state, code: row.reason_code },
  };
}
