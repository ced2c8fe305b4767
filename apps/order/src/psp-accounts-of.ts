import type { MoneyMode } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import type { Database } from '@stuiver/postgres';
import type { ConnectAccounts } from '@stuiver/psp';
import { PostgresPspAccounts } from './adapters/postgres/psp-accounts.js';
import { KeepPspAccount } from './use-cases/keep-psp-account.js';

/** @throws InvariantBroken when the PSP is to hold the money and nobody says how accounts are opened there. */
export function pspAccountsOf(options: {
  readonly database: Database;
  readonly moneyMode?: MoneyMode;
  readonly connect?: ConnectAccounts;
}): KeepPspAccount {
  const book = new PostgresPspAccounts(options.database);
  if (options.moneyMode !== 'psp-held') return new KeepPspAccount(book, null);
  invariant(options.connect !== undefined, 'psp-held opens accounts at the PSP');
  return new KeepPspAccount(book, options.connect);
}

/** Whether wallets have a balance: to look at, to pay from and to top up. */
export function offersBalance({ moneyMode }: { readonly moneyMode?: MoneyMode }): boolean {
  return moneyMode !== 'psp-held';
}
