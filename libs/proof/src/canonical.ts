/*
 * The bytes that enter a proof: netstrings (`5:hello,`; `-,` for what is absent), one after the other, in UTF-8. Every
 * text begins with its kind and version, so no text of one kind can be taken for one of another. What is written here
 * never changes: a proof made today is checked in ten years. A new field goes into `also`, or makes a `v2`.
 */

/** Text in `also` is by name; names and values are plain. */
export type More = Readonly<Record<string, string>>;
export const NO_MORE: More = {};

/** One side of a transfer. Hidden behind its own salt: a receipt opens the sides its reader may see, and no other. */
export interface Side {
  /** 32 hex digits. */
  readonly salt: string;
  /** The ledger's number of the account, and its name. */
  readonly account: string;
  readonly code: string;
  /** How many transfers ever touched it, and its balance in minor units on its normal side, both after this one. */
  readonly version: string;
  readonly afterMinor: string;
}

export interface TransferFacts {
  readonly seq: string;
  readonly batch: string;
  readonly commandId: string;
  readonly purpose: string;
  readonly amountMinor: string;
  readonly currency: string;
  /** As `instant` writes it. */
  readonly effectiveAt: string;
  /** Hashes of both sides, 64 hex digits. */
  readonly debit: string;
  readonly credit: string;
  readonly also: More;
}

export interface CommandFacts {
  readonly id: string;
  readonly kind: string;
  /** Of the command's canonical text, 64 hex digits. */
  readonly contentSha256: string;
  readonly batch: string;
  readonly firstSeq: string;
  readonly transferCount: string;
  /** The stored text of a refusal; null when it posted. */
  readonly refusal: string | null;
  /** Hash of salt and metadata, 64 hex digits; null when it carries none. */
  readonly metadata: string | null;
  /** Hashes of its transfers, in order. */
  readonly transfers: readonly string[];
  readonly also: More;
}

export interface BatchFacts {
  readonly shard: string;
  readonly no: string;
  readonly root: string;
  /** SHA-256 of the blind that its salts come from. */
  readonly blindSha256: string;
  readonly firstSeq: string;
  readonly transferCount: string;
  readonly commandCount: string;
  readonly at: string;
}

/** Where the books stood when it was signed. */
export interface CheckpointFacts {
  /** Which ledger: a UUID made with its chain. */
  readonly chain: string;
  readonly shard: string;
  readonly batch: string;
  /** The chained hash of that batch. */
  readonly hash: string;
  /** The batch's time. */
  readonly at: string;
  readonly lastSeq: string;
  readonly lastAccount: string;
  /** What all assets and expenses sum to, and all others, by currency. */
  readonly trialBalance: readonly TrialSum[];
  readonly keyId: string;
}

export interface TrialSum {
  readonly currency: string;
  readonly debitMinor: string;
  readonly creditMinor: string;
}

// Of the next three a busy ledger writes a hundred thousand a second: no list is made and nothing is spread.

export function sideText(side: Side): string {
  return (
    '15:stuiver.side.v1,' +
    plain(side.salt) +
    plain(side.account) +
    netstring(side.code) +
    plain(side.version) +
    plain(side.afterMinor)
  );
}

export function transferText(transfer: TransferFacts): string {
  return (
    '19:stuiver.transfer.v1,' +
    plain(transfer.seq) +
    plain(transfer.batch) +
    netstring(transfer.commandId) +
    netstring(transfer.purpose) +
    plain(transfer.amountMinor) +
    netstring(transfer.currency) +
    plain(transfer.effectiveAt) +
    plain(transfer.debit) +
    plain(transfer.credit) +
    pairs(transfer.also)
  );
}

export function commandText(command: CommandFacts): string {
  let text =
    '18:stuiver.command.v1,' +
    netstring(command.id) +
    netstring(command.kind) +
    plain(command.contentSha256) +
    plain(command.batch) +
    plain(command.firstSeq) +
    plain(command.transferCount) +
    netstring(command.refusal) +
    netstring(command.metadata);
  for (const transfer of command.transfers) text += plain(transfer);
  return text + pairs(command.also);
}

/** What a batch says of itself. The database writes the same text (`ledger.batch_text`). */
export function batchText(batch: BatchFacts): string {
  const { shard, no, root, blindSha256, firstSeq, transferCount, commandCount, at } = batch;
  const facts = [shard, no, root, blindSha256, firstSeq, transferCount, commandCount, at];
  return netstrings(['stuiver.batch.v1', ...facts]);
}

/** Its SHA-256 is the chained hash: over the one before, and the hash of the batch's own text. */
export function chainText(previous: string, batchHash: string): string {
  return netstrings(['stuiver.chain.v1', previous, batchHash]);
}

/** What is signed. */
export function checkpointText(checkpoint: CheckpointFacts): string {
  const { chain, shard, batch, hash, at, lastSeq, lastAccount, trialBalance, keyId } = checkpoint;
  const sums = trialBalance.flatMap((sum) => [sum.currency, sum.debitMinor, sum.creditMinor]);
  const facts = [chain, shard, batch, hash, at, lastSeq, lastAccount, keyId];
  return netstrings(['stuiver.checkpoint.v1', ...facts, ...sums]);
}

/** What a command says of people, behind its own salt: the hash tells nothing once the salt is gone. */
export function metadataText(salt: string, fields: Readonly<Record<string, string>>): string {
  const names = Object.keys(fields).sort();
  const values = names.flatMap((name) => [name, fields[name] ?? '']);
  return netstrings(['stuiver.metadata.v1', salt, ...values]);
}

/** ISO 8601 in UTC with microseconds: all that the database can hold. */
export function instant(at: Date): string {
  return `${at.toISOString().slice(0, -1)}000Z`;
}

export function netstrings(values: readonly (string | null)[]): string {
  let text = '';
  for (const value of values) text += netstring(value);
  return text;
}

const BEYOND_ASCII = /[^\0-\x7f]/;
const utf8 = new TextEncoder();

function netstring(value: string | null): string {
  if (value === null) return '-,';
  const isPlain = !BEYOND_ASCII.test(value);
  return isPlain ? plain(value) : `${String(utf8.encode(value).length)}:${value},`;
}

/** Of what is ASCII for sure: digits, hex, instants. */
function plain(value: string): string {
  return `${String(value.length)}:${value},`;
}

function pairs(also: More): string {
  if (also === NO_MORE) return '';
  const names = Object.keys(also).sort();
  return names.reduce((text, name) => text + netstring(name) + netstring(also[name] ?? ''), '');
}
