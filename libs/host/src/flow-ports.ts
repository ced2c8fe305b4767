import type { CheckoutApi, OpenedSheet } from './checkout-api.js';

export type FlowApi = Pick<CheckoutApi, 'confirm' | 'cancel' | 'look'>;

/** What the payer can mend on the sheet itself. */
export type Mendable =
  'PIN_WRONG' | 'PIN_LOCKED' | 'PIN_MISSING' | 'NOTHING_SENT' | 'PSP_UNREACHABLE' | 'CHECKED';

export interface Failure {
  /** A code of the server, for words; empty when there is none. */
  readonly code: string;
  /** Whether another attempt on this order could go better. */
  readonly again: boolean;
}

/** What the flow shows; no decision is made behind it. */
export interface FlowView {
  loading(): void;
  review(sheet: OpenedSheet): void;
  problem(what: Mendable): void;
  confirming(sheet: OpenedSheet): void;
  /** Staff look at it first; nothing was taken. */
  held(): void;
  atBank(sheet: OpenedSheet, bankUrl: string): void;
  ending(): void;
  paid(sheet: OpenedSheet): void;
  failed(failure: Failure): void;
  /** The server is not reached; the flow keeps asking. */
  offline(isOffline: boolean): void;
  gone(): void;
}

export interface BankWindow {
  go(url: string): void;
  close(): void;
}

export interface FlowTools {
  /** Called in the payer's own tap, the only moment in which a browser lets a window open. */
  openBankWindow(): BankWindow | null;
  pause(ms: number): Promise<void>;
}
