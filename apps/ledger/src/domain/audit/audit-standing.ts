import { netstrings } from '@stuiver/proof';
import { placementOf } from '../chart-of-accounts.js';
import { type Hashing, SHARD } from '../seal.js';
import type { AuditHead } from './audit-batch.js';
import { BadRow, need, NOTHING } from './finding.js';
import type { AccountRow, ChainRow, HeadRow } from './rows.js';
import type { Standings } from './standing.js';

/** The chain begins where its genesis says. */
export function auditChain(chain: ChainRow | undefined, hashing: Hashing): ChainRow {
  const row = { table: 'chain', key: SHARD };
  if (chain === undefined) {
    throw new BadRow({ ...row, column: 'shard', expected: SHARD, found: NOTHING });
  }
  const before = (BigInt(chain.beginsAt) - 1n).toString();
  const genesis = hashing.text(netstrings(['stuiver.genesis.v1', chain.id, SHARD, before]));
  need(row, 'genesis', { expected: genesis, found: chain.genesis });
  return chain;
}

export function needHead(head: HeadRow | undefined): HeadRow {
  if (head !== undefined) return head;
  const row = { table: 'head', key: SHARD, column: 'shard' };
  throw new BadRow({ ...row, expected: SHARD, found: NOTHING });
}

/** The head stands at the last batch. */
export function auditHead(head: HeadRow, last: AuditHead, lastAccount: string): void {
  const row = { table: 'head', key: SHARD };
  need(row, 'batch', { expected: last.batch.toString(), found: head.batch });
  need(row, 'last_seq', { expected: last.lastSeq.toString(), found: head.lastSeq });
  need(row, 'last_account', { expected: lastAccount, found: head.lastAccount });
  need(row, 'at', { expected: last.at, found: head.at });
}

/** Every account is as the chart has it and stands where its last transfer left it; those audited are `touched`. */
export function auditAccounts(standings: Standings, scope: 'all' | 'touched'): void {
  let next = 1n;
  for (const account of standings.accounts.values()) {
    const row = { table: 'account', key: account.id };
    if (account.id !== next.toString()) {
      const expected = next.toString();
      throw new BadRow({ table: 'account', key: expected, column: 'id', expected, found: NOTHING });
    }
    next += 1n;
    auditPlacement(account);
    if (scope === 'touched' && !standings.touched().has(account.id)) continue;
    const { version, balance } = standings.of(account.id);
    need(row, 'version', { expected: version.toString(), found: account.version });
    need(row, 'balance_minor', { expected: balance.toString(), found: account.balanceMinor });
  }
}

function auditPlacement(account: AccountRow): void {
  const row = { table: 'account', key: account.id };
  const placement = placementOf(account.code);
  if (placement === undefined) {
    const expected = 'a name of the chart of accounts';
    throw new BadRow({ ...row, column: 'code', expected, found: account.code });
  }
  need(row, 'owner', { expected: placement.owner, found: account.owner });
  need(row, 'normal_side', { expected: placement.normalSide, found: account.normalSide });
  const floor = account.ownFloorMinor ?? (placement.floor === 'zero' ? '0' : null);
  need(row, 'floor_minor', { expected: floor, found: account.floorMinor });
}

/** What all assets and expenses sum to is what all others sum to, in each currency. */
export function trialBalanceOf(
  accounts: Iterable<AccountRow>,
): ReadonlyMap<string, { debit: bigint; credit: bigint }> {
  const sums = new Map<string, { debit: bigint; credit: bigint }>();
  for (const { currency, normalSide, balanceMinor } of accounts) {
    const sum = sums.get(currency) ?? { debit: 0n, credit: 0n };
    if (normalSide === 'debit') sum.debit += BigInt(balanceMinor);
    else sum.credit += BigInt(balanceMinor);
    sums.set(currency, sum);
  }
  return sums;
}
