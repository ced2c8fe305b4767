import { instant, type More, NO_MORE } from '@stuiver/proof';
import type { AccountState } from '../domain/chart-of-accounts.js';
import { sealBatch, type SideToSeal, type TransferToSeal } from '../domain/seal.js';
import type { BatchRows, CommandRow, Head, ReversalRow, TransferRow } from './ledger-store.js';
import { SHA256 } from './sha256.js';

/** A decided batch that has no hash yet. */
export interface Unsealed extends Omit<BatchRows, 'after' | 'seal'> {
  readonly after: Omit<Head, 'hash'>;
}

/** @param blind  32 bytes of chance, hex. */
export function sealRows(rows: Unsealed, blind: string): BatchRows {
  const { before, after, commands, transfers } = rows;
  const reversals = new Map(rows.rare?.reversals.map((reversal) => [reversal.seq, reversal]));
  let next = 0;
  const toSeal = commands.map((command: CommandRow) => {
    const mine = transfers.slice(next, (next += command.transferCount));
    return {
      id: command.id,
      kind: command.kind,
      contentSha256: SHA256.text(command.content),
      batch: after.batch.toString(),
      firstSeq: command.firstSeq,
      transferCount: String(command.transferCount),
      refusal: command.refusal,
      metadata: command.metadataSha256,
      also: command.answer === null ? NO_MORE : { answer: command.answer },
      transfers: mine.map((transfer, index) => {
        const seq = command.firstSeq + BigInt(index);
        const place = { seq, batch: after.batch.toString(), reversal: reversals.get(seq) };
        return transferToSeal(transfer, place);
      }),
    };
  });
  const batch = {
    no: after.batch,
    previous: before.hash,
    firstSeq: before.lastSeq + 1n,
    transferCount: transfers.length,
    at: after.at,
    commands: toSeal,
  };
  const seal = sealBatch(batch, blind, SHA256);
  return { ...rows, after: { ...after, hash: seal.hash }, seal };
}

function transferToSeal(
  transfer: TransferRow,
  { seq, batch, reversal }: { seq: bigint; batch: string; reversal: ReversalRow | undefined },
): TransferToSeal {
  return {
    seq,
    batch,
    commandId: transfer.commandId,
    purpose: transfer.purpose,
    amount: transfer.amount,
    currency: transfer.debit.currency,
    effectiveAt: instant(transfer.effectiveAt),
    debit: sideToSeal(transfer.debit),
    credit: sideToSeal(transfer.credit),
    also: reversal === undefined ? NO_MORE : moreOf(reversal),
  };
}

function moreOf({ reverses, before, after, original }: ReversalRow): More {
  return {
    reverses: reverses.toString(),
    reversesBeforeMinor: before.toString(),
    reversesAfterMinor: after.toString(),
    reversesOriginalMinor: original.toString(),
  };
}

function sideToSeal({ id, code, version, balance }: AccountState): SideToSeal {
  return { account: id, code, version, after: balance };
}
