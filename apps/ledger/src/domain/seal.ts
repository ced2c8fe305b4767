import {
  type BatchFacts,
  batchText,
  chainText,
  type CommandFacts,
  commandText,
  instant,
  leafText,
  type More,
  rootOf,
  type Side,
  sideText,
  type TransferFacts,
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
  readonly seq: bigint;
  readonly batch: string;
  readonly commandId: string;
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
  readonly batch: string;
  readonly firstSeq: bigint;
  readonly transferCount: string;
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
  readonly text: (text: string) => string;
  /** Of the bytes that these hex digits stand for. */
  readonly bytes: (hex: string) => string;
  readonly node: (left: string, right: string) => string;
  /** `count` times 32 bytes that only who has the blind can tell: for each transfer the salts of its sides. */
  readonly salts: (blind: string, count: number) => string;
}

/** 16 bytes as hex. */
const SALT_DIGITS = 32;
export const SHARD = '1';

export function sealBatch(batch: BatchToSeal, blind: string, hashing: Hashing): Seal {
  const { previous, no, firstSeq, transferCount } = batch;
  const salts = hashing.salts(blind, transferCount);
  const leaves = batch.commands.map((command) =>
    commandLeaf(command, { firstSeq, salts, hashing }),
  );
  const root = rootOf(leaves, hashing.node);
  const facts = {
    shard: SHARD,
    no: no.toString(),
    root,
    blindSha256: hashing.bytes(blind),
    firstSeq: firstSeq.toString(),
    transferCount: String(transferCount),
    commandCount: String(batch.commands.length),
    at: instant(batch.at),
  };
  const hash = chainedHash(previous, facts, hashing);
  return { previous, root, hash, blind, leaves };
}

export function chainedHash(previous: string, batch: BatchFacts, hashing: Hashing): string {
  return hashing.text(chainText(previous, hashing.text(batchText(batch))));
}

export interface SealContext {
  /** The first sequence number of the batch: salts go by the place in it. */
  readonly firstSeq: bigint;
  readonly salts: string;
  readonly hashing: Hashing;
}

export function commandLeaf(command: CommandToSeal, context: SealContext): string {
  return context.hashing.text(leafText(commandText(commandFacts(command, context))));
}

export function commandFacts(command: CommandToSeal, context: SealContext): CommandFacts {
  const { hashing } = context;
  return {
    id: command.id,
    kind: command.kind,
    contentSha256: command.contentSha256,
    batch: command.batch,
    firstSeq: command.firstSeq.toString(),
    transferCount: command.transferCount,
    refusal: command.refusal,
    metadata: command.metadata,
    transfers: command.transfers.map((transfer) =>
      hashing.text(transferText(transferFacts(transfer, context))),
    ),
    also: command.also,
  };
}

export function transferFacts(transfer: TransferToSeal, context: SealContext): TransferFacts {
  const { hashing } = context;
  const { debit, credit } = sidesOf(transfer, context);
  return {
    seq: transfer.seq.toString(),
    batch: transfer.batch,
    commandId: transfer.commandId,
    purpose: transfer.purpose,
    amountMinor: transfer.amount.toString(),
    currency: transfer.currency,
    effectiveAt: transfer.effectiveAt,
    debit: hashing.text(sideText(debit)),
    credit: hashing.text(sideText(credit)),
    also: transfer.also,
  };
}

/** Both sides with their salts: what opens their hashes. */
export function sidesOf(
  { seq, debit, credit }: TransferToSeal,
  { firstSeq, salts }: SealContext,
): { debit: Side; credit: Side } {
  const at = Number(seq - firstSeq) * 2 * SALT_DIGITS;
  return {
    debit: sideOf(debit, salts.slice(at, at + SALT_DIGITS)),
    credit: sideOf(credit, salts.slice(at + SALT_DIGITS, at + 2 * SALT_DIGITS)),
  };
}

function sideOf({ account, code, version, after }: SideToSeal, salt: string): Side {
  return {
    salt,
    account: account.toString(),
    code,
    version: version.toString(),
    afterMinor: after.toString(),
  };
}
