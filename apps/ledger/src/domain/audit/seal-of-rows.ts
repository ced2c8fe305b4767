import { type CommandFacts, type More, NO_MORE, type ReceiptTransfer } from '@stuiver/proof';
import {
  commandFacts,
  commandLeaf,
  type CommandToSeal,
  type Hashing,
  type SealContext,
  sidesOf,
  transferFacts,
  type TransferToSeal,
} from '../seal.js';
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
  leafOf(booking: Booking, codes?: ReadonlyMap<string, string>): string {
    return commandLeaf(this.toSeal(booking, codes), this.context);
  }

  /** Everything that the leaf is made of. */
  open(booking: Booking): {
    readonly facts: CommandFacts;
    readonly transfers: readonly ReceiptTransfer[];
  } {
    const command = this.toSeal(booking);
    const { context } = this;
    const transfers = command.transfers.map((transfer) => ({
      facts: transferFacts(transfer, context),
      ...sidesOf(transfer, context),
    }));
    return { facts: commandFacts(command, context), transfers };
  }

  private get context(): SealContext {
    const { batch, salts, tools } = this;
    return { firstSeq: BigInt(batch.firstSeq), salts, hashing: tools.hashing };
  }

  private toSeal(
    { command, transfers }: Booking,
    codes?: ReadonlyMap<string, string>,
  ): CommandToSeal {
    return {
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

function moreOf({ reverses, before, after, original }: ReversalRow): More {
  return {
    reverses,
    reversesBeforeMinor: before,
    reversesAfterMinor: after,
    reversesOriginalMinor: original,
  };
}
