import { type More, NO_MORE } from '@stuiver/proof';
import { type CommandToSeal, commandLeaf, type Hashing, type TransferToSeal } from '../seal.js';
import type { BatchRow, CommandRow, ReversalRow, TransferRow } from './rows.js';
import type { Standings } from './standing.js';

/** A command with its transfers: what one leaf stands for. */
export interface Booking {
  readonly command: CommandRow;
  readonly transfers: readonly TransferRow[];
}

/** Turns rows as they are found into leaves, as the writer once did. */
export class LeafMaker {
  private readonly salts: string;

  constructor(
    private readonly batch: BatchRow,
    blind: string,
    private readonly tools: { readonly hashing: Hashing; readonly standings: Standings },
  ) {
    this.salts = tools.hashing.salts(blind, Number(batch.transferCount));
  }

  /** @param codes  of accounts that are taken to have another name. */
  leafOf({ command, transfers }: Booking, codes?: ReadonlyMap<string, string>): string {
    const { batch, salts } = this;
    const toSeal: CommandToSeal = {
      id: command.id,
      kind: command.kind,
      contentSha256: command.contentSha256,
      batch: command.batch,
      firstSeq: BigInt(command.firstSeq),
      transferCount: command.transferCount,
      refusal: command.refusal,
      metadata: command.metadata,
      also: command.answer === null ? NO_MORE : { answer: command.answer },
      transfers: transfers.map((transfer) => this.transfer(transfer, codes)),
    };
    const firstSeq = BigInt(batch.firstSeq);
    return commandLeaf(toSeal, { firstSeq, salts, hashing: this.tools.hashing });
  }

  private transfer(row: TransferRow, codes?: ReadonlyMap<string, string>): TransferToSeal {
    const { standings } = this.tools;
    const codeOf = (id: string): string => codes?.get(id) ?? standings.codeOf(id);
    return {
      seq: BigInt(row.seq),
      batch: row.batch,
      commandId: row.commandId,
      purpose: row.purpose,
      amount: BigInt(row.amountMinor),
      currency: row.currency,
      effectiveAt: row.effectiveAt,
      debit: {
        account: BigInt(row.debit),
        code: codeOf(row.debit),
        version: BigInt(row.debitVersion),
        after: BigInt(row.debitAfter),
      },
      credit: {
        account: BigInt(row.credit),
        code: codeOf(row.credit),
        version: BigInt(row.creditVersion),
        after: BigInt(row.creditAfter),
      },
      also: row.reversal === null ? NO_MORE : moreOf(row.reversal),
    };
  }
}

export function moreOf({ reverses, before, after, original }: ReversalRow): More {
  return {
    reverses,
    reversesBeforeMinor: before,
    reversesAfterMinor: after,
    reversesOriginalMinor: original,
  };
}
