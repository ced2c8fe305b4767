import { rootOf } from '@stuiver/proof';
import { chainedHash, type Hashing, SHARD } from '../seal.js';
import { need } from './finding.js';
import type { BatchContent, BatchRow, SealRow } from './rows.js';
import { LeafMaker } from './seal-of-rows.js';
import type { Standings } from './standing.js';

interface Header {
  readonly head: { readonly hash: string };
  readonly content: BatchContent;
  readonly seal: SealRow;
}

interface Tools {
  readonly hashing: Hashing;
  readonly standings: Standings;
  readonly headAt: string;
}

export function batchKey(table: string, { no }: BatchRow): { table: string; key: string } {
  return { table, key: no };
}

/** Leaves, root, chained hash and the batch's own row belong together. @throws BadRow naming the one that does not. */
export function auditHeader({ head, content, seal }: Header, tools: Tools): void {
  const { hashing } = tools;
  const { batch } = content;
  const row = batchKey('seal', batch);
  const root = rootOf(seal.leaves, hashing.node);
  const holds = (changed: Partial<BatchRow>, of: Partial<SealRow> = {}): boolean =>
    hashOf(head, { ...batch, ...changed }, { ...seal, ...of }, hashing) === seal.hash;
  if (root !== seal.root) {
    if (holds({}, { root })) need(row, 'root', { expected: root, found: seal.root });
    const found = `leaves of root ${root}`;
    need(row, 'leaves', { expected: `leaves of root ${seal.root}`, found });
  }
  if (holds({})) return;
  const found = batchKey('batch', batch);
  const commandCount = String(seal.leaves.length);
  if (holds({ commandCount })) {
    need(found, 'command_count', { expected: commandCount, found: batch.commandCount });
  }
  const transferCount = sumOf(content).toString();
  if (holds({ transferCount })) {
    need(found, 'transfer_count', { expected: transferCount, found: batch.transferCount });
  }
  accuseHash({ head, content, seal }, tools);
}

/** What is left: the batch's time, the blind, or the hash itself. The next batch stands on the right hash. */
function accuseHash({ head, content, seal }: Header, { hashing, standings, headAt }: Tools): void {
  const { batch, next } = content;
  const expected = hashOf(head, batch, seal, hashing);
  const isHashRight =
    next === null
      ? hashOf(head, { ...batch, at: headAt }, seal, hashing) === seal.hash || batch.at === headAt
      : next.seal?.hash === hashOf(seal, next, next.seal ?? seal, hashing);
  if (!isHashRight || isRight(seal, content, { hashing, standings, headAt })) {
    if (!isHashRight) need(batchKey('seal', batch), 'hash', { expected, found: seal.hash });
    const at = next === null ? headAt : `the instant that hash ${seal.hash} is over`;
    if (at !== batch.at) need(batchKey('batch', batch), 'at', { expected: at, found: batch.at });
    need(batchKey('seal', batch), 'hash', { expected, found: seal.hash });
  }
  const of = `the blind that hash ${seal.hash} is over`;
  need(batchKey('seal', batch), 'blind', { expected: of, found: seal.blind });
}

/** Whether the blind leads to any of the leaves. */
function isRight(seal: SealRow, content: BatchContent, tools: Tools): boolean {
  const leaves = new LeafMaker(content.batch, seal.blind, tools);
  const sealed = new Set(seal.leaves);
  const first = BigInt(content.batch.firstSeq);
  return content.commands.some((command) => {
    const from = Number(BigInt(command.firstSeq) - first);
    const count = Number(command.transferCount);
    if (count === 0) return false;
    const transfers = content.transfers.slice(from, from + count);
    return sealed.has(leaves.leafOf({ command, transfers }));
  });
}

function sumOf({ commands }: BatchContent): bigint {
  return commands.reduce((sum, { transferCount }) => sum + BigInt(transferCount), 0n);
}

function hashOf(
  { hash: previous }: { readonly hash: string },
  { no, firstSeq, transferCount, commandCount, at }: BatchRow,
  { root, blind }: Pick<SealRow, 'root' | 'blind'>,
  hashing: Hashing,
): string {
  const counts = { firstSeq, transferCount, commandCount, at };
  const blindSha256 = hashing.bytes(blind);
  return chainedHash(previous, { shard: SHARD, no, root, blindSha256, ...counts }, hashing);
}
