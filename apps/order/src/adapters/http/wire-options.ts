import type { MoneyMode } from '@stuiver/contracts';
import type { Clock, KeyStore, Log, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { ConnectAccounts } from '@stuiver/psp';

/** What the merchant-facing half of the service needs from whoever starts it. */
export interface WireOptions {
  readonly database: Database;
  readonly keys: KeyStore;
  readonly moneyMode?: MoneyMode;
  readonly connect?: ConnectAccounts;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where payers' pages are: native orders' codes point there. No slash at the end. */
  readonly publicUrl: string;
  readonly operatorToken: string;
  /** Lets notifications go to private addresses, such as the developer's own machine. */
  readonly sandbox: boolean;
}

export const WIRE_OPTIONS = Symbol('WIRE_OPTIONS');
