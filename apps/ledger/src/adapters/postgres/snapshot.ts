import { z } from 'zod';
import type { LedgerResult, PostedTransfer } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { placementOf, type AccountState } from '../../domain/chart-of-accounts.js';
import type { Head, KnownCommand, Snapshot } from '../../use-cases/ledger-store.js';

/** One statement, so head, accounts and commands are of one moment. int8 goes as text: JSON numbers are floats. */
export const SNAPSHOT_SQL = `
  select h.batch, h.last_seq, h.last_account, h.at,
    (select coalesce(json_agg(json_build_array(a.id::text, a.code, a.balance_minor::text, a.version::text)), '[]')
       from ledger.account a where a.code = any ($1::text[])) as accounts,
    (select coalesce(json_agg(json_build_object(
              'id', c.id, 'kind', c.kind, 'contentSha256', encode(c.content_sha256, 'hex'), 'batch', c.batch::text,
              'bookedAt', (extract(epoch from b.at) * 1000)::bigint, 'refusal', c.refusal,
              'transfers', (select coalesce(json_agg(json_build_object(
                  'seq', t.seq::text, 'purpose', t.purpose, 'debit', debit.code, 'credit', credit.code,
                  'amountMinor', t.amount_minor::text, 'currency', t.currency,
                  'debitVersion', t.debit_version::text, 'creditVersion', t.credit_version::text,
                  'debitAfterMinor', t.debit_after::text, 'creditAfterMinor', t.credit_after::text) order by t.seq), '[]')
                from ledger.transfer t
                join ledger.account debit on debit.id = t.debit
                join ledger.account credit on credit.id = t.credit
                where t.seq >= c.first_seq and t.seq < c.first_seq + c.transfer_count))), '[]')
       from ledger.command c join ledger.batch b on b.no = c.batch
       where c.id = any ($2::uuid[])) as known
  from ledger.head h where h.shard = 1`;

export interface SnapshotRow {
  readonly batch: string;
  readonly last_seq: string;
  readonly last_account: string;
  readonly at: Date;
  readonly accounts: unknown;
  readonly known: unknown;
}

const Accounts = z.array(z.tuple([z.string(), z.string(), z.string(), z.string()]));
const KnownCommands = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    contentSha256: z.string(),
    batch: z.string(),
    bookedAt: z.number(),
    refusal: z
      .object({
        code: z.enum(['FLOOR', 'NOTHING_TO_MOVE', 'VOIDED', 'ACCOUNT_CLOSED', 'ACCOUNT_FROZEN']),
        account: z.string().nullable(),
        limitMinor: z.string().nullable(),
        shortfallMinor: z.string().nullable(),
      })
      .nullable(),
    transfers: z.array(
      z.object({
        seq: z.string(),
        purpose: z.string(),
        debit: z.string(),
        credit: z.string(),
        amountMinor: z.string(),
        currency: z.literal('EUR'),
        debitVersion: z.string(),
        creditVersion: z.string(),
        debitAfterMinor: z.string(),
        creditAfterMinor: z.string(),
      }) satisfies z.ZodType<PostedTransfer>,
    ),
  }),
);

export function toSnapshot(row: SnapshotRow | undefined): Snapshot {
  invariant(row !== undefined, 'the shard has a head');
  const head: Head = {
    batch: BigInt(row.batch),
    lastSeq: BigInt(row.last_seq),
    lastAccount: BigInt(row.last_account),
    at: row.at,
  };
  const accounts = Accounts.parse(row.accounts).map(toAccount);
  const known = KnownCommands.parse(row.known).map(toKnown);
  return { head, accounts, known };
}

function toAccount([id, code, balance, version]: z.infer<typeof Accounts>[number]): AccountState {
  const placement = placementOf(code);
  invariant(placement !== undefined, 'an opened account stays in the chart');
  return {
    id: BigInt(id),
    code,
    currency: 'EUR',
    ...placement,
    balance: BigInt(balance),
    version: BigInt(version),
  };
}

function toKnown(command: z.infer<typeof KnownCommands>[number]): KnownCommand {
  const { id, kind, contentSha256, batch, refusal, transfers } = command;
  const common = { commandId: id, batch, bookedAt: new Date(command.bookedAt).toISOString() };
  const result: LedgerResult =
    refusal === null
      ? { outcome: 'posted', ...common, transfers }
      : { outcome: 'refused', ...common, ...refusal };
  return { id, kind, contentSha256, result };
}
