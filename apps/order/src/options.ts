import type { EventBus } from '@stuiver/bus';
import type { LedgerBookings, LedgerPort, LedgerReceipts, MoneyMode } from '@stuiver/contracts';
import type { Clock, CrashPoints, Gauges, KeyStore, Log, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { CardFields, ConnectAccounts, PayIn } from '@stuiver/psp';

/** An OpenID provider of the host's own. Staff are known there by an e-mail address that it has verified. */
export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the service needs from whoever starts it. */
export interface OrderOptions {
  /** Schema `orders`, as its role. */
  readonly database: Database;
  /** Schema `people`, as its own role. */
  readonly people: Database;
  readonly bus: EventBus;
  readonly ledger: LedgerPort;
  /** What proves bookings; absent: there are no receipts. */
  readonly receipts?: LedgerReceipts;
  /** What the ledger booked; absent: Order is not compared with it. */
  readonly bookings?: LedgerBookings;
  readonly metrics?: Gauges;
  readonly psp: PayIn;
  /** Absent: payers are not offered cards. */
  readonly cardFields?: CardFields;
  /** Absent: `self-held`. */
  readonly moneyMode?: MoneyMode;
  /** Needed when the PSP holds the merchants' money. */
  readonly connect?: ConnectAccounts;
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
  /** 32 bytes that every service has, so that each believes the staff cookie by itself. */
  readonly staffKey: Uint8Array;
  /** Where staff sign in; absent: at our own OpenID provider under `/oidc`, with passwords. */
  readonly oidc?: OidcOptions;
  /** `smtp://…` or `smtps://…`; absent: the sandbox's mailbox, and outside the sandbox mails wait. */
  readonly mailUrl?: string;
  /** Who mails are from, such as `Stuiver <noreply@pay.example>`. */
  readonly mailFrom?: string;
  /** Who fee invoices are from: name, address and VAT number in one line. Absent: they do not say. */
  readonly invoiceFrom?: string;
  /** When a payment is looked at first, such as `person-attempts=20,new-payee=50000`; absent: only blocks hold. */
  readonly riskLimits?: string;
  /** One flat price, for payments before there is a price list; as a payment service it is without VAT. */
  readonly fee: { readonly basisPoints: string; readonly fixedMinor: bigint };
}
