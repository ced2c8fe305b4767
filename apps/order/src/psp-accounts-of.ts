import { PostgresAuditTrail } from '@stuiver/audit';
import type { MoneyMode } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { ConnectAccounts } from '@stuiver/psp';
import { PostgresPspAccounts } from './adapters/postgres/psp-accounts.js';
import { KeepPspAccount } from './use-cases/keep-psp-account.js';
import { SetUpPspAccount } from './use-cases/set-up-psp-account.js';

/**
 * Who opens the accounts; null where the platform itself holds the money.
 *
 * @throws InvariantBroken when the PSP is to hold the money and nobody says how accounts are opened there.
 */
function connectOf(options: PspAccountsOptions): ConnectAccounts | null {
  if (options.moneyMode !== 'psp-held') return null;
  invariant(options.connect !== undefined, 'psp-held opens accounts at the PSP');
  return options.connect;
}

interface PspAccountsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly moneyMode?: MoneyMode;
  readonly connect?: ConnectAccounts;
}

export function pspAccountsOf(options: PspAccountsOptions) {
  const book = new PostgresPspAccounts(
    options.database,
    new PostgresAuditTrail('orders', options.clock),
  );
  const connect = connectOf(options);
  const pspAccounts = new KeepPspAccount(book, connect);
  const pageOf = (mchid: string): string => `${options.publicUrl}/merchant/${mchid}/psp-account`;
  return {
    pspAccounts,
    setUpPspAccount: new SetUpPspAccount(book, pspAccounts, { connect, pageOf }),
  };
}

/** Whether wallets have a balance: to look at, to pay from and to top up. */
export function offersBalance({ moneyMode }: { readonly moneyMode?: MoneyMode }): boolean {
  return moneyMode !== 'psp-held';
}
