import { checkpointText, isSigned, keyIdOf } from '@stuiver/proof';
import { type AuditHead, auditBatch } from '../domain/audit/audit-batch.js';
import {
  auditAccounts,
  auditChain,
  auditHead,
  needHead,
  trialBalanceOf,
} from '../domain/audit/audit-standing.js';
import { BadRow, type Finding, need } from '../domain/audit/finding.js';
import type { AccountRow, BatchContent, ChainRow, HeadRow } from '../domain/audit/rows.js';
import { type Standing, Standings } from '../domain/audit/standing.js';
import type { SignedCheckpoint } from './checkpoints.js';
import { SHA256 } from './sha256.js';

/** Everything that is there, as of one moment. */
export interface AuditRows {
  standing(): Promise<{
    readonly head: HeadRow | undefined;
    readonly chain: ChainRow | undefined;
    /** By number. */
    readonly accounts: ReadonlyMap<string, AccountRow>;
    readonly purposes: readonly string[];
  }>;
  /** All batches after this one, in order; some may be missing. */
  batchesAfter(no: bigint): AsyncIterable<BatchContent>;
  /** Where accounts stood after transfer `seq`: those that moved since. */
  standingsAfter(seq: bigint): Promise<ReadonlyMap<string, Standing>>;
  /** All of them, each with what its batch says. */
  checkpoints(): Promise<readonly CheckpointRow[]>;
  /** Rows that belong to no batch, and what is derived from transfers but does not follow from them. */
  firstStray(): Promise<Finding | undefined>;
}

/** A checkpoint beside the rows it speaks of; null where there are none. */
export interface CheckpointRow extends SignedCheckpoint {
  readonly sealed: { readonly hash: string; readonly at: string; readonly lastSeq: string } | null;
}

/** Port: the rows, of one moment and read only. */
export interface AuditReads {
  atOneMoment<T>(work: (rows: AuditRows) => Promise<T>): Promise<T>;
}

export interface Verified {
  /** Undefined: all is as it must be. */
  readonly finding: Finding | undefined;
  readonly batches: number;
  readonly transfers: number;
  readonly commands: number;
  /** Where it began: the batch that was taken as proven; 0 is the beginning. */
  readonly from: bigint;
  readonly to: bigint;
  /** The chained hash of batch `to`; null when the chain has not begun. */
  readonly hash: string | null;
  /** Batches before this one have no seal: they were checked by arithmetic alone. */
  readonly sealedFrom: bigint;
  readonly accounts: number;
}

export interface VerifyOptions {
  /** A state that is proven already, by a signed checkpoint; undefined: the beginning. */
  readonly from?: 'genesis' | 'checkpoint';
  /** SPKI, PEM: signatures are checked when it is known. */
  readonly publicKeyPem?: string;
  readonly onProgress?: (done: { readonly transfers: number; readonly batch: bigint }) => void;
}

/** Derives the books again from their first batch, or from a checkpoint, and compares them with what is there. */
export class VerifyLedger {
  constructor(private readonly reads: AuditReads) {}

  run(options: VerifyOptions = {}): Promise<Verified> {
    return this.reads.atOneMoment((rows) => new Run(rows, options).run());
  }
}

async function needSigned(checkpoint: SignedCheckpoint, publicKeyPem: string): Promise<void> {
  const row = { table: 'checkpoint', key: checkpoint.batch };
  const { signature, keyId } = checkpoint;
  need(row, 'key_id', { expected: await keyIdOf(publicKeyPem), found: keyId });
  if (await isSigned(checkpointText(checkpoint), signature, publicKeyPem)) return;
  const expected = 'a signature over this row';
  throw new BadRow({ ...row, column: 'signature', expected, found: signature });
}

const BEGINNING: AuditHead = { batch: 0n, lastSeq: 0n, at: '', hash: null };

class Run {
  private batches = 0;
  private transfers = 0;
  private commands = 0;
  private accounts = 0;
  private sealedFrom = 1n;
  private last: AuditHead;
  private from: AuditHead | undefined;

  constructor(
    private readonly rows: AuditRows,
    private readonly options: VerifyOptions,
  ) {
    this.last = BEGINNING;
  }

  async run(): Promise<Verified> {
    const finding = await this.audit().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof BadRow) return error.finding;
        throw error;
      },
    );
    const { batches, transfers, commands, accounts, sealedFrom } = this;
    const { batch: to, hash } = this.last;
    const from = this.from?.batch ?? 0n;
    return { finding, batches, transfers, commands, from, to, hash, sealedFrom, accounts };
  }

  private async audit(): Promise<void> {
    const { head: foundHead, chain: found, accounts, purposes } = await this.rows.standing();
    const head = needHead(foundHead);
    const chain = auditChain(found, SHA256);
    this.sealedFrom = BigInt(chain.beginsAt);
    this.accounts = accounts.size;
    const standings = new Standings(accounts);
    const checkpoints = await this.rows.checkpoints();
    const from = await this.startOf(checkpoints);
    if (from !== undefined) {
      this.from = from;
      this.last = from;
      const before = await this.rows.standingsAfter(from.lastSeq);
      for (const [id, standing] of before) standings.begin(id, standing);
    }
    const tools = { hashing: SHA256, standings, purposes, headAt: head.at };
    for await (const content of this.rows.batchesAfter(this.last.batch)) {
      const begins = content.batch.no === chain.beginsAt;
      const before = begins ? { ...this.last, hash: chain.genesis } : this.last;
      this.last = auditBatch(before, content, tools);
      this.count(content);
    }
    auditAccounts(standings, from === undefined ? 'all' : 'touched');
    auditHead(head, this.last, accounts.size.toString());
    await this.auditCheckpoints(checkpoints);
    const stray = await this.rows.firstStray();
    if (stray !== undefined) throw new BadRow(stray);
    for (const [currency, { debit, credit }] of trialBalanceOf(accounts.values())) {
      if (debit === credit) continue;
      const sums = { expected: debit.toString(), found: credit.toString() };
      throw new BadRow({ table: 'account', key: currency, column: 'balance_minor', ...sums });
    }
  }

  /** Where the last checkpoint stands, when that is to be the beginning. */
  private async startOf(checkpoints: readonly CheckpointRow[]): Promise<AuditHead | undefined> {
    const last = checkpoints.at(-1);
    const { publicKeyPem, from } = this.options;
    if (from !== 'checkpoint' || last === undefined) return undefined;
    if (publicKeyPem !== undefined) await needSigned(last, publicKeyPem);
    const { batch, lastSeq, at, hash } = last;
    return { batch: BigInt(batch), lastSeq: BigInt(lastSeq), at, hash };
  }

  /** Comes after the batches: what those say is known to be right by now. */
  private async auditCheckpoints(checkpoints: readonly CheckpointRow[]): Promise<void> {
    const { publicKeyPem } = this.options;
    for (const checkpoint of checkpoints) {
      const row = { table: 'checkpoint', key: checkpoint.batch };
      const { sealed } = checkpoint;
      if (sealed === null) {
        const expected = 'a batch that is sealed';
        throw new BadRow({ ...row, column: 'batch', expected, found: checkpoint.batch });
      }
      need(row, 'hash', { expected: sealed.hash, found: checkpoint.hash });
      need(row, 'at', { expected: sealed.at, found: checkpoint.at });
      need(row, 'last_seq', { expected: sealed.lastSeq, found: checkpoint.lastSeq });
      if (publicKeyPem !== undefined) await needSigned(checkpoint, publicKeyPem);
    }
  }

  private count({ batch, transfers, commands }: BatchContent): void {
    this.batches += 1;
    this.transfers += transfers.length;
    this.commands += commands.length;
    this.options.onProgress?.({ transfers: this.transfers, batch: BigInt(batch.no) });
  }
}
