import type { LedgerAnswer, ReceiptFor } from '@stuiver/contracts';
import { invariant, Refusal } from '@stuiver/errors';
import { batchText, pathOf, type Receipt, type ReceiptTransfer } from '@stuiver/proof';
import type { BatchContent, BatchRow, AccountRow } from '../domain/audit/rows.js';
import { LeafMaker } from '../domain/audit/seal-of-rows.js';
import { Standings } from '../domain/audit/standing.js';
import { SHARD } from '../domain/seal.js';
import type { Checkpoints, SignedCheckpoint } from './checkpoints.js';
import type { MakeCheckpoint } from './make-checkpoint.js';
import { SHA256 } from './sha256.js';

/** One command as it is booked and sealed. */
export interface SealedCommand {
  /** Its batch, with this command and its transfers only. */
  readonly content: BatchContent;
  /** The chained hash that the batch stands on. */
  readonly previous: string;
  /** The accounts of its transfers. */
  readonly accounts: ReadonlyMap<string, AccountRow>;
}

/** Port to what receipts are made of. */
export interface ReceiptRows {
  /** @param which  a command's id, or the number of one of its transfers. */
  sealedCommand(which: { id: string } | { seq: string }): Promise<SealedCommand | undefined>;
  /** Batches after one up to another, both numbers; in order. */
  batchesBetween(after: bigint, to: bigint): Promise<readonly BatchRow[]>;
}

/** Who reads it: the operator everything, others their own sides and what is named. */
export type ReceiptReader = 'operator' | ReceiptFor;

/** Makes the receipt of a command; when no checkpoint covers it yet, signs one now. */
export class MakeReceipt {
  constructor(
    private readonly rows: ReceiptRows,
    private readonly checkpoints: Checkpoints,
    private readonly makeCheckpoint: MakeCheckpoint,
  ) {}

  /** @throws Refusal NOT_FOUND when it is not booked, older than the seals, or has nothing that is the reader's. */
  async run(which: { id: string } | { seq: string }, reader: ReceiptReader): Promise<Receipt> {
    const sealed = await this.rows.sealedCommand(which);
    if (sealed === undefined || sealed.content.batch.seal === null) throw notFound(which);
    const { batch } = sealed.content;
    const { seal } = batch;
    invariant(seal !== null, 'a receipt is of a sealed batch');
    const checkpoint = await this.checkpointFor(BigInt(batch.no));
    const later = await this.rows.batchesBetween(BigInt(batch.no), BigInt(checkpoint.batch));
    const [command] = sealed.content.commands;
    invariant(command !== undefined, 'a sealed command is there');
    const standings = new Standings(sealed.accounts);
    const maker = new LeafMaker(batch, seal.blind, { hashing: SHA256, standings });
    const booking = { command, transfers: sealed.content.transfers };
    const index = seal.leaves.indexOf(maker.leafOf(booking));
    invariant(index >= 0, 'what is booked is what was sealed: run `stuiver ledger verify`');
    const { facts, transfers } = maker.open(booking);
    const shown = transfers.filter((transfer) => isShown(transfer, sealed, reader));
    if (!isFor(reader, command.answer, shown)) throw notFound(which);
    return {
      kind: 'stuiver.receipt.v1',
      command: facts,
      transfers: shown.map((transfer) => hide(transfer, sealed, reader)),
      metadata: null,
      batch: factsOf(batch),
      previous: sealed.previous,
      inclusion: {
        index,
        count: seal.leaves.length,
        path: pathOf(seal.leaves, index, SHA256.node),
      },
      chain: later.map((each) => SHA256.text(batchText(factsOf(each)))),
      checkpoint,
    };
  }

  private async checkpointFor(batch: bigint): Promise<SignedCheckpoint> {
    const known = await this.checkpoints.firstFrom(batch);
    const checkpoint = known ?? (await this.makeCheckpoint.run());
    invariant(checkpoint !== undefined, 'a sealed batch can be signed');
    return checkpoint;
  }
}

function factsOf(batch: BatchRow): Receipt['batch'] {
  const { seal, no, firstSeq, transferCount, commandCount, at } = batch;
  invariant(seal !== null, 'after the first seal every batch has one');
  const blindSha256 = SHA256.bytes(seal.blind);
  return {
    shard: SHARD,
    no,
    root: seal.root,
    blindSha256,
    firstSeq,
    transferCount,
    commandCount,
    at,
  };
}

function isOwn(account: string, { accounts }: SealedCommand, reader: ReceiptReader): boolean {
  return reader === 'operator' || accounts.get(account)?.owner === reader.owner;
}

function isShown(transfer: ReceiptTransfer, sealed: SealedCommand, reader: ReceiptReader): boolean {
  const { debit, credit, facts } = transfer;
  const sides = [debit, credit].map((side) => side?.account ?? '');
  if (sides.some((account) => isOwn(account, sealed, reader))) return true;
  return reader !== 'operator' && reader.purposes.includes(facts.purpose);
}

/** The other party's account, version and balance stay behind their salt. */
function hide(
  { facts, debit, credit }: ReceiptTransfer,
  sealed: SealedCommand,
  reader: ReceiptReader,
): ReceiptTransfer {
  const own = (side: ReceiptTransfer['debit']): ReceiptTransfer['debit'] =>
    side !== null && isOwn(side.account, sealed, reader) ? side : null;
  return { facts, debit: own(debit), credit: own(credit) };
}

/**
 * What a command answered beside its transfers is in its leaf as it is, and cannot be left out: when it speaks of others'
 * accounts, there is no receipt for this reader.
 */
function isFor(
  reader: ReceiptReader,
  answer: string | null,
  shown: readonly ReceiptTransfer[],
): boolean {
  if (reader === 'operator') return true;
  if (shown.length === 0) return false;
  const { holds = [], account } = answer === null ? {} : (JSON.parse(answer) as LedgerAnswer);
  const named = [...holds, ...(account === undefined ? [] : [account])];
  return named.every((each) => each.account.startsWith(`${reader.owner}:`));
}

function notFound(which: { id: string } | { seq: string }): Refusal {
  const [field, value] = 'id' in which ? ['id', which.id] : ['seq', which.seq];
  return new Refusal('NOT_FOUND', { field, value });
}
