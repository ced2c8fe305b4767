import type { Clock } from '@stuiver/ports';

/** What the payer-facing half needs to know about where it runs. */
export interface PageOptions {
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly frameUrlOf: (appid: string) => string;
  readonly sandbox: boolean;
  /** Whether wallets have a balance. */
  readonly offersBalance: boolean;
  /** Whether a payer may type a card. */
  readonly offersCards: boolean;
}

export const PAGE_OPTIONS = Symbol('PAGE_OPTIONS');
