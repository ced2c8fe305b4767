/* The chart of accounts, said again by hand. */

const ID = '[A-Za-z0-9_.-]{1,64}';
const ASSETS = new RegExp(`^(psp:${ID}:(balance|transit)|psp:${ID}:acct:${ID}|bank:${ID})$`);
const EXPENSES = new RegExp(`^(fees:psp|loss:${ID})$`);
const NEVER_BELOW_ZERO = new RegExp(
  `^(user:${ID}:(wallet|payout)|merchant:${ID}:(frozen|available|reserve|payout)|refund:transit|suspense:late-success)$`,
);
const PENDING = new RegExp(`^merchant:${ID}:pending$`);
const WITHOUT_FLOOR = new RegExp(`^(suspense:${ID}|tax:vat|fees:income|equity:operator)$`);

/** Assets and expenses grow by debits, all others by credits. */
export function growsByDebit(account: string): boolean {
  return ASSETS.test(account) || EXPENSES.test(account);
}

export function isOfChart(account: string): boolean {
  return [ASSETS, EXPENSES, NEVER_BELOW_ZERO, PENDING, WITHOUT_FLOOR].some((row) =>
    row.test(account),
  );
}

/** Whether zero is its floor: for everybody, or only for who may be refused. */
export function hasFloor(account: string, nature: 'ask' | 'fact'): boolean {
  return NEVER_BELOW_ZERO.test(account) || (nature === 'ask' && PENDING.test(account));
}
