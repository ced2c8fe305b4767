import type { EventBus } from '@stuiver/bus';
import type { LedgerPort } from '@stuiver/contracts';
import type { Clock, CrashPoints, KeyStore, Log, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { PayIn } from '@stuiver/psp';

/** What the service needs from whoever starts it. */
export interface OrderOptions {
  /** Schema `orders`, as its role. */
  readonly database: Database;
  /** Schema `people`, as its own role. */
  readonly people: Database;
  readonly bus: EventBus;
  readonly ledger: LedgerPort;
  readonly psp: PayIn;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  readonly operatorToken: string;
  /** Origin of the payers' pages, such as `http://localhost:8080`. No slash at the end. */
  readonly publicUrl: string;
  readonly frameUrlOf: (appid: string) => string;
  readonly sandbox: boolean;
  /** Sandbox only: who may be played, and with which PIN. Read when it is needed, as it appears after the start. */
  readonly demoPayersFile?: string;
  /** One flat price. */
  readonly fee: { readonly basisPoints: string; readonly fixedMinor: bigint };
}
