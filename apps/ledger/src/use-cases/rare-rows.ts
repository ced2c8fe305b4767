import { invariant } from '@stuiver/errors';
import type { AccountState } from '../domain/chart-of-accounts.js';
import type { Decided, LedgerState } from '../domain/decide.js';
import type { HoldState } from '../domain/hold.js';
import { limitRowsOf } from './limit-rows.js';
import type { BatchRows, ChangedAccount, HoldRow, RareRows, ReversalRow } from './ledger-store.js';

/** The rows of a batch that are not its commands and transfers: accounts, and what few batches write. */
export function rareRowsOf(
  before: LedgerState,
  decided: Decided,
  reversals: readonly ReversalRow[],
): Pick<BatchRows, 'opened' | 'changed' | 'rare'> {
  const opened: AccountState[] = [];
  const changed: ChangedAccount[] = [];
  const terms: AccountState[] = [];
  for (const account of decided.changed.values()) {
    const was = before.accounts.get(account.code);
    if (was === undefined) opened.push(account);
    else changed.push({ account, versionBefore: was.version });
    if (saysOtherwise(account, was)) terms.push(account);
  }
  const holds = holdRowsOf(before, decided);
  const limits = limitRowsOf(before, decided);
  const isRare = terms.length + reversals.length > 0 || holds !== null || limits !== null;
  return {
    ...{ opened, changed },
    rare: isRare ? { ...NOTHING, ...holds, ...limits, terms, reversals } : null,
  };
}

const NOTHING: RareRows = {
  terms: [],
  holdsPlaced: [],
  holdsChanged: [],
  limitsSet: [],
  limitsRemoved: [],
  counters: [],
  swept: [],
  reversals: [],
};

/** Its terms, or whether it has limits, are not what the books have, or would open it with. */
function saysOtherwise(account: AccountState, was: AccountState | undefined): boolean {
  return (
    account.terms !== (was?.terms ?? null) ||
    (account.limits === null) !== ((was?.limits ?? null) === null)
  );
}

function holdRowsOf(before: LedgerState, decided: Decided): Partial<RareRows> | null {
  const { holds } = decided.rare;
  if (holds.size === 0) return null;
  const idOf = ({ account }: HoldState): bigint => {
    const holder = decided.changed.get(account) ?? before.accounts.get(account);
    invariant(holder !== undefined, 'a hold is on an account');
    return holder.id;
  };
  const holdsPlaced: HoldRow[] = [];
  const holdsChanged: HoldRow[] = [];
  for (const hold of holds.values()) {
    const rows = before.rare.holds.has(hold.id) ? holdsChanged : holdsPlaced;
    rows.push({ hold, accountId: idOf(hold) });
  }
  return { holdsPlaced, holdsChanged };
}
