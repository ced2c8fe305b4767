import {
  batchText,
  commandText,
  instant,
  leafText,
  type More,
  rootOf,
  sideText,
  transferText,
} from '@stuiver/proof';

/** What proves a batch: nothing in it, and nothing before it, can be changed without changing `hash`. Hashes are hex. */
export interface Seal {
  /** The chained hash it stands on. */
  readonly previous: string;
  readonly root: string;
  readonly hash: string;
  /** Where the salts of its transfers' sides come from: 32 bytes of chance. */
  readonly blind: string;
  /** One for each command, in order. */
  readonly leaves: readonly string[];
}

export interface SideToSeal {
  readonly account: bigint;
  readonly code: string;
  readonly version: bigint;
  readonly after: bigint;
}

export interface TransferToSeal {
  readonly purpose: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly effectiveAt: string;
  readonly debit: SideToSeal;
  readonly credit: SideToSeal;
  readonly also: More;
}

export interface CommandToSeal {
  readonly id: string;
  readonly kind: string;
  readonly contentSha256: string;
  readonly firstSeq: bigint;
  readonly refusal: string | null;
  readonly metadata: string | null;
  readonly also: More;
  readonly transfers: readonly TransferToSeal[];
}

export interface BatchToSeal {
  readonly no: bigint;
  readonly previous: string;
  readonly firstSeq: bigint;
  readonly transferCount: number;
  readonly at: Date;
  readonly commands: readonly CommandToSeal[];
}

/** SHA-256 as the domain needs it; all in lower-case hex. */
export interface Hashing {
  text(text: string): string;
  node(left: string, right: string): string;
  /** `count` times 32 bytes that only who has the blind can tell: for each transfer the salts of its sides. */
  salts(blind: string, count: number): string;
}

/** 16 bytes as hex. */
const SALT_DIGITS = 32;
export const SHARD = '1';

export function sealBatch(batch: BatchToSeal, blind: string, hashing: Hashing): Seal {
  const salts = hashing.salts(blind, batch.transferCount);
  const leaves = batch.commands.map((command) => sealCommand(command, { batch, salts, hashing }));
  const root = rootOf(leaves, hashing.node);
  const { previous, no, firstSeq, transferCount } = batch;
  const hash = hashing.text(
    batchText({
      shard: SHARD,
      no: no.toString(),
      previous,
      root,
      firstSeq: firstSeq.toString(),
      transferCount: String(transferCount),
      commandCount: String(batch.commands.length),
      at: instant(batch.at),
    }),
  );
  return { previous, root, hash, blind, leaves };
}

interface Context {
  readonly batch: BatchToSeal;
  readonly salts: string;
  readonly hashing: Hashing;
}

function sealCommand(command: CommandToSeal, context: Context): string {
  const { id, kind, contentSha256, firstSeq, refusal, metadata, also, transfers } = command;
  const text = commandText({
    id,
    kind,
    contentSha256,
    batch: context.batch.no.toString(),
    firstSeq: firstSeq.toString(),
    transferCount: String(transfers.length),
    refusal,
    metadata,
    transfers: transfers.map((transfer, index) =>
      sealTransfer(transfer, { command, seq: firstSeq + BigInt(index) }, context),
    ),
    also,
  });
  return context.hashing.text(leafText(text));
}

function sealTransfer(
  transfer: TransferToSeal,
  { command, seq }: { command: CommandToSeal; seq: bigint },
  { batch, salts, hashing }: Context,
): string {
  const { debit, credit } = saltsOf(salts, Number(seq - batch.firstSeq));
  const { purpose, amount, currency, effectiveAt, also } = transfer;
  const text = transferText({
    seq: seq.toString(),
    batch: batch.no.toString(),
    commandId: command.id,
    purpose,
    amountMinor: amount.toString(),
    currency,
    effectiveAt,
    debit: hashing.text(sealedSide(transfer.debit, debit)),
    credit: hashing.text(sealedSide(transfer.credit, credit)),
    also,
  });
  return hashing.text(text);
}

function sealedSide({ account, code, version, after }: SideToSeal, salt: string): string {
  return sideText({
    salt,
    account: account.toString(),
    code,
    version: version.toString(),
    afterMinor: after.toString(),
  });
}

/** @param index  the transfer's place in its batch, from 0. */
export function saltsOf(salts: string, index: number): { debit: string; credit: string } {
  const at = index * 2 * SALT_DIGITS;
  return {
    debit: salts.slice(at, at + SALT_DIGITS),
    credit: salts.slice(at + SALT_DIGITS, at + 2 * SALT_DIGITS),
  };
}
