import type { Hashing } from '../seal.js';
import { auditHeader, batchKey } from './audit-header.js';
import { explain, type Sealed } from './explain.js';
import { type Finding, BadRow, need, NOTHING } from './finding.js';
import type { BatchContent, BatchRow, CommandRow, SealRow, TransferRow } from './rows.js';
import { type Booking, LeafMaker } from './seal-of-rows.js';
import type { Standings } from './standing.js';

/** Where the books stand before a batch. */
export interface AuditHead {
  readonly batch: bigint;
  readonly lastSeq: bigint;
  readonly at: string;
  /** The chained hash; null where the chain has not begun. */
  readonly hash: string | null;
}

export interface AuditTools {
  readonly hashing: Hashing;
  readonly standings: Standings;
  /** Every purpose that any transfer has: what a changed one may have been. */
  readonly purposes: readonly string[];
  /** When the head says the last batch was. */
  readonly headAt: string;
}

/** Compares one batch with everything that must follow from the batches before. @throws BadRow naming the first bad row. */
export function auditBatch(head: AuditHead, content: BatchContent, tools: AuditTools): AuditHead {
  const { batch, transfers } = content;
  auditPlace(head, batch);
  const seal = sealOf(head, batch);
  if (seal !== null)
    auditHeader({ head: { ...head, hash: head.hash ?? '' }, content, seal }, tools);
  auditSequence(batch, transfers);
  const bookings = bookingsOf(content);
  if (seal !== null) auditLeaves(bookings, { content, seal }, tools);
  auditCommands(content, bookings, tools.hashing);
  for (const booking of bookings) auditTransfers(booking, batch, tools.standings);
  return {
    batch: BigInt(batch.no),
    lastSeq: head.lastSeq + BigInt(transfers.length),
    at: batch.at,
    hash: head.hash === null ? null : (batch.seal?.hash ?? null),
  };
}

function auditPlace(head: AuditHead, batch: BatchRow): void {
  const expected = (head.batch + 1n).toString();
  if (batch.no !== expected) {
    throw new BadRow({ table: 'batch', key: expected, column: 'no', expected, found: NOTHING });
  }
  const row = batchKey('batch', batch);
  need(row, 'first_seq', { expected: (head.lastSeq + 1n).toString(), found: batch.firstSeq });
  if (batch.at < head.at) need(row, 'at', { expected: `${head.at} or later`, found: batch.at });
}

/** The transfers are there without a gap, and no others are. */
function auditSequence(batch: BatchRow, transfers: readonly TransferRow[]): void {
  const found = new Set(transfers.map(({ seq }) => seq));
  for (let place = 0n; place < BigInt(batch.transferCount); place += 1n) {
    const seq = (BigInt(batch.firstSeq) + place).toString();
    if (!found.has(seq)) {
      throw new BadRow({
        table: 'transfer',
        key: seq,
        column: 'seq',
        expected: seq,
        found: NOTHING,
      });
    }
  }
}

/** Each command with its range of transfers; which command a transfer says it is of is compared later. */
function bookingsOf({ batch, commands, transfers }: BatchContent): Booking[] {
  const offset = BigInt(batch.firstSeq);
  return commands.map((command) => {
    const from = Number(BigInt(command.firstSeq) - offset);
    if (from < 0) return { command, transfers: [] };
    return { command, transfers: transfers.slice(from, from + Number(command.transferCount)) };
  });
}

function sealOf({ hash }: AuditHead, batch: BatchRow): SealRow | null {
  const row = { ...batchKey('seal', batch), column: 'batch' };
  if (hash === null && batch.seal !== null) {
    throw new BadRow({ ...row, expected: 'none before the chain begins', found: batch.no });
  }
  if (hash !== null && batch.seal === null) {
    throw new BadRow({ ...row, expected: batch.no, found: NOTHING });
  }
  return batch.seal;
}

function auditLeaves(
  bookings: readonly Booking[],
  { content, seal }: { content: BatchContent; seal: SealRow },
  tools: AuditTools,
): void {
  const leaves = new LeafMaker(content.batch, seal.blind, tools);
  const missing = new Set(seal.leaves);
  const places = new Map(seal.leaves.map((leaf, place) => [leaf, String(place)]));
  const strange = bookings.filter((booking) => {
    const leaf = leaves.leafOf(booking);
    auditCommandPlace(booking.command, places.get(leaf));
    return !missing.delete(leaf);
  });
  if (strange.length > 0 || missing.size > 0) {
    accuse(strange, { content, leaves, missing, ...tools });
  }
}

/** Commands from before their places were noted have none. */
function auditCommandPlace({ id, place }: CommandRow, sealed: string | undefined): void {
  if (place === null || sealed === undefined) return;
  need({ table: 'command', key: id }, 'place', { expected: sealed, found: place });
}

/** Some rows are not the sealed ones. */
function accuse(strange: readonly Booking[], sealed: Sealed): void {
  const { content, missing } = sealed;
  for (const booking of strange) {
    const finding = explain(repaired(booking, content), sealed) ?? explain(booking, sealed);
    if (finding !== undefined) throw new BadRow(finding);
  }
  const [first] = strange;
  if (first === undefined) throw new BadRow(gone(content, missing));
  if (missing.size === 0) {
    const expected = 'no such row in this batch';
    throw new BadRow({ ...keyOf(first.command), column: 'id', expected, found: first.command.id });
  }
  throw new BadRow(unexplained(first, sealed));
}

/** Should a command say a wrong range, the transfers that name it tell the right one. */
function repaired({ command, transfers }: Booking, content: BatchContent): Booking {
  const own = content.transfers.filter(({ commandId }) => commandId === command.id);
  return { command, transfers: own.length > 0 ? own : transfers };
}

/** A sealed command has no row. */
function gone({ batch, commands, transfers }: BatchContent, missing: ReadonlySet<string>) {
  const known = new Set(commands.map(({ id }) => id));
  const orphan = transfers.find(({ commandId }) => !known.has(commandId));
  return {
    table: 'command',
    key: orphan?.commandId ?? `of batch ${batch.no}`,
    column: 'id',
    expected: orphan?.commandId ?? `the command of leaf ${[...missing][0] ?? ''}`,
    found: NOTHING,
  };
}

/** No single column explains it: what of it is only in the seal is named. */
function unexplained({ command, transfers }: Booking, sealed: Sealed) {
  const { hashing, missing, standings } = sealed;
  const away = transfers
    .flatMap(({ debit, credit }) => [debit, credit])
    .find((id) => !standings.accounts.has(id));
  if (away !== undefined) {
    return { table: 'account', key: away, column: 'id', expected: away, found: NOTHING };
  }
  const expected = `what leaf ${[...missing][0] ?? ''} says`;
  const row = keyOf(command);
  if (hashing.text(command.content) !== command.contentSha256) {
    return { ...row, column: 'content', expected, found: command.content };
  }
  if (command.transferCount !== String(transfers.length)) {
    return { ...row, column: 'transfer_count', expected, found: command.transferCount };
  }
  if (transfers.length === 0) {
    return { ...row, column: 'refusal', expected, found: command.refusal ?? 'null' };
  }
  const found = command.answer ?? 'null';
  return (
    unlinked({ command, transfers }, expected) ?? { ...row, column: 'answer', expected, found }
  );
}

/** A reversal whose link to its original is gone, or another. */
function unlinked({ command, transfers }: Booking, expected: string): Finding | undefined {
  const without = transfers.find(({ reversal }) => reversal === null);
  if (command.kind === 'reversal' && without !== undefined) {
    const { seq } = without;
    return { table: 'reversal', key: seq, column: 'seq', expected: seq, found: NOTHING };
  }
  const reversed = transfers.find(({ reversal }) => reversal !== null);
  if (reversed === undefined) return undefined;
  const found = JSON.stringify(reversed.reversal);
  return { table: 'reversal', key: reversed.seq, column: 'reverses', expected, found };
}

const keyOf = ({ id }: CommandRow): { table: string; key: string } => ({
  table: 'command',
  key: id,
});

/** The ranges of the commands are the batch's, one after the other; content and hash belong together. */
function auditCommands(
  { batch, commands }: BatchContent,
  bookings: readonly Booking[],
  hashing: Hashing,
): void {
  const expected = String(commands.length);
  need(batchKey('batch', batch), 'command_count', { expected, found: batch.commandCount });
  let next = BigInt(batch.firstSeq);
  for (const { command, transfers } of bookings) {
    need(keyOf(command), 'first_seq', { expected: next.toString(), found: command.firstSeq });
    const count = String(transfers.length);
    need(keyOf(command), 'transfer_count', { expected: count, found: command.transferCount });
    const hash = hashing.text(command.content);
    if (hash !== command.contentSha256) {
      const expectedContent = `content of SHA-256 ${command.contentSha256}`;
      need(keyOf(command), 'content', { expected: expectedContent, found: command.content });
    }
    next += BigInt(transfers.length);
  }
  const end = (next - BigInt(batch.firstSeq)).toString();
  need(batchKey('batch', batch), 'transfer_count', { expected: end, found: batch.transferCount });
}

/** Each transfer follows from the ones before, on both of its accounts. */
function auditTransfers(
  { command, transfers }: Booking,
  batch: BatchRow,
  standings: Standings,
): void {
  for (const transfer of transfers) {
    const row = { table: 'transfer', key: transfer.seq };
    need(row, 'command_id', { expected: command.id, found: transfer.commandId });
    need(row, 'batch', { expected: batch.no, found: transfer.batch });
    const amount = BigInt(transfer.amountMinor);
    if (amount <= 0n)
      need(row, 'amount_minor', { expected: 'above zero', found: amount.toString() });
    for (const side of ['debit', 'credit'] as const) {
      const id = transfer[side];
      const account = standings.accounts.get(id);
      if (account === undefined) {
        throw new BadRow({ table: 'account', key: id, column: 'id', expected: id, found: NOTHING });
      }
      need({ table: 'account', key: id }, 'currency', {
        expected: transfer.currency,
        found: account.currency,
      });
      const { version, balance } = standings.after(id, side, amount);
      need(row, `${side}_version`, {
        expected: version.toString(),
        found: transfer[`${side}Version`],
      });
      need(row, `${side}_after`, { expected: balance.toString(), found: transfer[`${side}After`] });
      standings.move(id, side, amount);
    }
  }
}
