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
  const plain = { opened: new Array<AccountState>(), changed: new Array<ChangedAccount>() };
  const rare = { opened: new Array<AccountState>(), changed: new Array<ChangedAccount>() };
  for (const account of decided.changed.values()) {
    const was = before.accounts.get(account.code);
    const rows = isPlain(account, was) ? plain : rare;
    if (was === undefined) rows.opened.push(account);
    else rows.changed.push({ account, versionBefore: was.version });
  }
  const holds = holdRowsOf(before, decided);
  const limits = limitRowsOf(before, decided);
  const isRare =
    rare.opened.length + rare.changed.length + reversals.length > 0 ||
    holds !== null ||
    limits !== null;
  return {
    ...plain,
    rare: isRare ? { ...NOTHING, ...holds, ...limits, ...rare, reversals } : null,
  };
}

const NOTHING: RareRows = {
  opened: [],
  changed: [],
  holdsPlaced: [],
  holdsChanged: [],
  limitsSet: [],
  limitsRemoved: [],
  counters: [],
  swept: [],
  reversals: [],
};

/** Nothing but balance and version changed, or it opens as the chart has it. */
function isPlain(account: AccountState, was: AccountState | undefined): boolean {
  if (was === undefined) {
    return account.held === 0n && account.terms === null && account.limits === null;
  }
  return (
    account.held === was.held &&
    account.terms === was.terms &&
    (account.limits === null) === (was.limits === null)
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
