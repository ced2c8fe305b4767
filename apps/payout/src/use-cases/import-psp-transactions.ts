import type { LedgerCommand, LedgerPort } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { commandIdOf } from '@stuiver/ids';
import type { Clock, CrashPoints } from '@stuiver/ports';
import type { PspAccount, PspTransaction } from '@stuiver/psp';
import { partsOf, type PspPart } from '../domain/psp-parts.js';
import { PSP } from './intents.js';
import type { Intent, PspBooking, PspStore, PspTransactionToKeep } from './recon-ports.js';

export const PSP_BALANCE = `psp:${PSP}:balance`;
const TRANSACTIONS_PER_PAGE = 100;
const BOOKINGS_PER_PAGE = 500;

/**
 * Follows the PSP's account, transaction by transaction, and the ledger's account that mirrors it, entry by entry. Fees,
 * payouts and their failures are booked from here; the principal of payments and refunds is booked from Order's facts
 * and only compared: what is on one side and not on the other is an open item.
 */
export class ImportPspTransactions {
  constructor(
    private readonly store: PspStore,
    private readonly psp: Pick<PspAccount, 'transactions'>,
    private readonly ledger: Pick<LedgerPort, 'statement'>,
    private readonly tools: { clock: Clock; crash: CrashPoints },
  ) {}

  /** What is new at the PSP, with what the books must be told of it. @returns how many transactions. */
  async run(): Promise<number> {
    const began = this.tools.clock.now();
    const count = await this.takeTransactions();
    await this.store.finishMessages(began);
    return count;
  }

  /** What is new on the ledger's side; what sums to the same on both is tied. */
  async mirror(): Promise<void> {
    await this.takeBookings();
    await this.store.tie(this.tools.clock.now());
  }

  private async takeTransactions(): Promise<number> {
    let count = 0;
    for (;;) {
      const after = await this.store.cursor();
      const page = await this.psp.transactions({ after, limit: TRANSACTIONS_PER_PAGE });
      if (page.length === 0) return count;
      const isKept = await this.store.keepPage(after, page.map(withParts), this.tools.clock.now());
      this.tools.crash.pass('payout.psp-page-imported');
      if (isKept) count += page.length;
    }
  }

  private async takeBookings(): Promise<void> {
    for (;;) {
      const last = await this.store.lastBookingVersion();
      const lines = await this.ledger.statement(PSP_BALANCE, {
        afterVersion: last.toString(),
        limit: BOOKINGS_PER_PAGE,
      });
      const bookings = lines.map(toBooking);
      invariant(
        bookings.every(({ version }, index) => version === last + BigInt(index) + 1n),
        'the ledger’s statement has every version once',
      );
      if (bookings.length > 0) await this.store.keepBookings(bookings);
      if (bookings.length < BOOKINGS_PER_PAGE) return;
    }
  }
}

function toBooking(line: Awaited<ReturnType<LedgerPort['statement']>>[number]): PspBooking {
  const amount = BigInt(line.amountMinor);
  return {
    version: BigInt(line.version),
    seq: BigInt(line.seq),
    amountMinor: line.side === 'debit' ? amount : -amount,
    balanceAfterMinor: BigInt(line.balanceAfterMinor),
    commandId: line.commandId,
    commandKind: line.commandKind,
    bookedAt: new Date(line.bookedAt),
  };
}

function withParts(transaction: PspTransaction): PspTransactionToKeep {
  const parts = partsOf(transaction);
  return { ...transaction, parts, intents: parts.flatMap((part) => intentOf(transaction, part)) };
}

/** What we book ourselves. */
function intentOf(transaction: PspTransaction, { part, amount }: PspPart): Intent[] {
  if (part === 'principal') return [];
  const { id, createdAt, pspReference } = transaction;
  const minor = amount.minor < 0n ? -amount.minor : amount.minor;
  const common = {
    effectiveAt: createdAt.toISOString(),
    pspTransactionId: id,
    psp: PSP,
    amountMinor: minor.toString(),
    currency: amount.currency,
  } as const;
  const payout = { ...common, pspPayoutId: pspReference ?? id };
  const commands: Record<typeof part, LedgerCommand> = {
    fee: { kind: 'psp-fee', id: commandIdOf('psp-fee', id), ...common, back: amount.minor > 0n },
    payout: { kind: 'psp-payout', id: commandIdOf('psp-payout', id), ...payout },
    'payout-failure': {
      kind: 'psp-payout-failure',
      id: commandIdOf('psp-payout-failure', id),
      ...payout,
    },
  };
  return [{ command: commands[part], bankLineId: null, pspTransactionId: id, end: null }];
}
