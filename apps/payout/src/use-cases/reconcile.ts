import type { Clock } from '@stuiver/ports';
import type { BookRecorded } from './book-recorded.js';
import type { FollowMerchantAccounts } from './follow-merchant-accounts.js';
import type { ImportPspTransactions } from './import-psp-transactions.js';
import type { MatchBankLines } from './match-bank-lines.js';
import type { PspPayOut } from './psp-pay-out.js';
import type { OpenItems } from './recon-ports.js';

/** What a connected PSP adds. */
export interface PspSteps {
  readonly transactions: ImportPspTransactions;
  readonly payOut: PspPayOut;
}

/** Brings in what is new, says what it is, tells the ledger, compares. Every step finishes what a crash left half done. */
export class Reconcile {
  constructor(
    private readonly steps: {
      match: MatchBankLines;
      book: BookRecorded;
      psp: PspSteps | undefined;
      /** Undefined where the platform itself holds the merchants' money. */
      merchants: FollowMerchantAccounts | undefined;
    },
    private readonly items: Pick<OpenItems, 'refresh'>,
    private readonly clock: Clock,
  ) {}

  /** @throws LedgerUnavailable, PspUnknownOutcome; the next run goes on. */
  async run(): Promise<void> {
    await this.steps.psp?.payOut.carryOn();
    await this.catchUp();
    await this.items.refresh(this.clock.now());
  }

  async catchUp(): Promise<void> {
    const { match, book, psp, merchants } = this.steps;
    // First what needs no PSP: one that does not answer keeps nobody's payout waiting.
    await match.run({ again: true });
    await book.run();
    if (merchants !== undefined && (await merchants.run()) > 0) await book.run();
    if (psp === undefined) return;
    if ((await psp.transactions.run()) > 0) await match.run({ again: true });
    await book.run();
    await psp.transactions.mirror();
  }
}
