import { z } from 'zod';
import {
  LedgerAnswerSchema,
  LedgerRefusalSchema,
  type LedgerResult,
  PostedTransferSchema,
} from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { type AccountState, type AccountTerms, openingOf } from '../../domain/chart-of-accounts.js';
import type { HoldState } from '../../domain/hold.js';
import type { Original, OriginalTransfer } from '../../domain/rare-state.js';
import type { Side } from '../../domain/side.js';
import type { VelocityLimit, VelocityWindow } from '../../domain/velocity.js';
import type {
  Head,
  KnownCommand,
  Question,
  RareSnapshot,
  Snapshot,
} from '../../use-cases/ledger-store.js';

/** How `SNAPSHOT_SQL` is asked. */
export function snapshotParameters(question: Question): unknown[] {
  const { accounts, commandIds, rare, standing, standingMax, dueBy } = question;
  return [
    ...[accounts, commandIds, rare.holds, rare.subjects, rare.originals],
    ...[dueBy.toISOString(), standing, standingMax],
  ];
}

export interface SnapshotRow {
  readonly batch: string;
  readonly last_seq: string;
  readonly last_account: string;
  readonly open_from: Date;
  readonly at: Date;
  readonly hash: string;
  readonly accounts: unknown;
  readonly more_accounts: unknown;
  readonly known: unknown;
  readonly holds: unknown;
  readonly due: unknown;
  readonly next_expiry: Date | null;
  readonly subjects: unknown;
  readonly originals: unknown;
  readonly standing: unknown;
}

const SideField = z.enum(['debit', 'credit']) satisfies z.ZodType<Side>;
const Limit = z.tuple([
  ...[z.string(), z.enum(['day', 'month', 'rolling']), z.number().nullable(), SideField.nullable()],
  ...[z.string().nullable(), z.string().nullable(), z.string().nullable()],
  z.array(z.tuple([z.number(), z.string(), z.string()])),
] as const);
const Accounts = z.array(
  z.tuple([
    ...[z.string(), z.string(), z.string(), z.string(), z.string()],
    z.enum(['open', 'frozen-debit', 'frozen', 'closed']),
    ...[z.string().nullable(), z.string().nullable()],
    z.array(Limit).nullable(),
  ] as const),
);
const Holds = z.array(
  z.tuple([
    ...[z.string(), z.string(), z.literal('EUR'), z.string(), z.string(), z.string()],
    z.enum(['open', 'captured', 'released', 'expired']),
    z.number().nullable(),
  ] as const),
);
const Subjects = z.array(z.tuple([z.string(), z.array(Limit).nullable()]));
const Originals = z.array(
  z.tuple([
    ...[z.string(), z.string(), z.string(), z.string(), z.literal('EUR'), z.string(), z.string()],
  ] as const),
);
const KnownCommands = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    contentSha256: z.string(),
    batch: z.string(),
    bookedAt: z.number(),
    refusal: LedgerRefusalSchema.nullable(),
    answer: LedgerAnswerSchema.nullable(),
    transfers: z.array(PostedTransferSchema),
  }),
);

export function toSnapshot(row: SnapshotRow | undefined): Snapshot {
  invariant(row !== undefined, 'the shard has a head');
  const head: Head = {
    batch: BigInt(row.batch),
    lastSeq: BigInt(row.last_seq),
    lastAccount: BigInt(row.last_account),
    openFrom: row.open_from,
    at: row.at,
    hash: row.hash,
  };
  const accounts = [...Accounts.parse(row.accounts), ...Accounts.parse(row.more_accounts)];
  const known = KnownCommands.parse(row.known).map(toKnown);
  return { head, accounts: accounts.map(toAccount), known, rare: toRare(row) };
}

function toRare(row: SnapshotRow): RareSnapshot {
  const standing = new Map<string, HoldState[]>();
  for (const hold of Holds.parse(row.standing).map(toHold)) {
    standing.set(hold.account, [...(standing.get(hold.account) ?? []), hold]);
  }
  const subjects = new Map<string, readonly VelocityLimit[]>();
  for (const [subject, limits] of Subjects.parse(row.subjects)) {
    if (limits !== null) subjects.set(subject, limits.map(toLimit));
  }
  return {
    holds: Holds.parse(row.holds).map(toHold),
    due: Holds.parse(row.due).map(toHold),
    nextExpiryAt: row.next_expiry,
    subjects,
    originals: toOriginals(Originals.parse(row.originals)),
    standing,
  };
}

function toAccount(row: z.infer<typeof Accounts>[number]): AccountState {
  const [id, code, balance, version, held, condition, floor, ceiling, limits] = row;
  const opening = openingOf(BigInt(id), code, 'EUR');
  invariant(opening !== undefined, 'an opened account stays in the chart');
  const terms: AccountTerms = { condition, floor: bigintOf(floor), ceiling: bigintOf(ceiling) };
  const isPlain = condition === 'open' && floor === null && ceiling === null;
  return {
    ...opening,
    balance: BigInt(balance),
    version: BigInt(version),
    held: BigInt(held),
    terms: isPlain ? null : terms,
    limits: limits?.map(toLimit) ?? null,
  };
}

function toHold(row: z.infer<typeof Holds>[number]): HoldState {
  const [id, account, currency, placed, captured, released, condition, expiresMs] = row;
  return {
    id,
    account,
    currency,
    placed: BigInt(placed),
    captured: BigInt(captured),
    released: BigInt(released),
    condition,
    expiresAt: expiresMs === null ? null : new Date(expiresMs),
  };
}

function toLimit(row: z.infer<typeof Limit>): VelocityLimit {
  const [name, kind, seconds, side, counterparty, countMax, sumMax, slots] = row;
  return {
    name,
    window: toWindow(kind, seconds),
    side,
    counterparty,
    countMax: bigintOf(countMax),
    sumMax: bigintOf(sumMax),
    slots: slots.map(([startMs, count, sum]) => ({
      startMs,
      count: BigInt(count),
      sum: BigInt(sum),
    })),
  };
}

function toWindow(kind: VelocityWindow['kind'], seconds: number | null): VelocityWindow {
  if (kind !== 'rolling') return { kind };
  invariant(seconds !== null, 'a rolling window has a length');
  return { kind, seconds };
}

function toOriginals(rows: z.infer<typeof Originals>): ReadonlyMap<string, Original> {
  const transfers = new Map<string, OriginalTransfer[]>();
  for (const [commandId, seq, debit, credit, currency, amount, reversed] of rows) {
    const transfer: OriginalTransfer = {
      ...{ seq: BigInt(seq), debit, credit, currency },
      amount: BigInt(amount),
      reversed: BigInt(reversed),
    };
    transfers.set(commandId, [...(transfers.get(commandId) ?? []), transfer]);
  }
  return new Map([...transfers].map(([id, list]) => [id, { transfers: list }]));
}

function toKnown(command: z.infer<typeof KnownCommands>[number]): KnownCommand {
  const { id, kind, contentSha256, batch, refusal, answer, transfers } = command;
  const common = { commandId: id, batch, bookedAt: new Date(command.bookedAt).toISOString() };
  const result: LedgerResult =
    refusal === null
      ? { outcome: 'posted', ...common, transfers, ...answer }
      : { outcome: 'refused', ...common, ...refusal };
  return { id, kind, contentSha256, result };
}

function bigintOf(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
