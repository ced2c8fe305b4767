import { commandIdOf, newId } from '@stuiver/ids';
import type { LedgerPort, LedgerResult } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { Clock, CrashPoints, Random } from '@stuiver/ports';
import { isComplete, runningTotals } from '../domain/statement.js';
import type { Settlement, SettlementStore } from './ports.js';

/**
 * Makes a merchant's claim final. The settlement is on record before the ledger is asked, and the command's id follows
 * from it, so a crash anywhere is resumed with the same question. The ledger's order decides what belongs to it: all
 * versions since the last close. It is closed when every one of those lines has arrived.
 */
export class CloseSettlement {
  constructor(
    private readonly store: SettlementStore,
    private readonly ledger: LedgerPort,
    private readonly tools: { clock: Clock; random: Random; crash: CrashPoints },
  ) {}

  /** Begins a settlement, or carries on with the one under way. @returns where it stands. */
  async begin(merchantId: string): Promise<Settlement> {
    const at = this.tools.clock.now();
    const id = newId('Settlement', at, this.tools.random);
    const settlement = await this.store.begin({ id, merchantId, at });
    this.tools.crash.pass('payout.settlement-begun');
    return this.carryOn(settlement.id);
  }

  /** Takes the next steps that are possible now; safe to repeat. */
  async carryOn(id: string): Promise<Settlement> {
    const settlement = await this.store.find(id);
    invariant(settlement !== undefined, 'a settlement that was begun is there');
    if (settlement.state === 'closing') await this.post(settlement);
    await this.closeWhenComplete(id);
    return (await this.store.find(id)) ?? settlement;
  }

  private async post(settlement: Settlement): Promise<void> {
    const { id, merchantId, createdAt } = settlement;
    const result = await this.ledger.submit({
      kind: 'settlement-close',
      id: commandIdOf('settlement-close', id),
      effectiveAt: createdAt.toISOString(),
      settlementId: id,
      merchantId,
      currency: 'EUR',
    });
    this.tools.crash.pass('payout.settlement-posted');
    await this.store.run(async (writes) => {
      const now = await writes.lock(id);
      if (now.state !== 'closing') return;
      if (result.outcome === 'refused') return writes.saveEmpty(id);
      const close = closeOf(result);
      const previous = await writes.previousClose(merchantId);
      return writes.savePosted(id, { ...close, fromVersion: previous + 1n });
    });
  }

  private async closeWhenComplete(id: string): Promise<void> {
    const at = this.tools.clock.now();
    await this.store.run(async (writes) => {
      const { state, merchantId, amount, fromVersion, closeVersion } = await writes.lock(id);
      if (state !== 'posted') return;
      invariant(
        amount !== null && fromVersion !== null && closeVersion !== null,
        'a posted settlement knows its range',
      );
      const range = { from: fromVersion, to: closeVersion - 1n };
      const lines = await writes.lines(merchantId, range);
      if (!isComplete(lines, range)) return;
      const total = runningTotals(lines).at(-1) ?? Money.zero('EUR');
      invariant(total.equals(amount), 'a statement’s running total is what the ledger moved');
      await writes.takeLines(id, merchantId, range);
      await writes.saveClosed(id, { total, at });
      await writes.say({
        type: 'settlement.closed.v1',
        subject: merchantId,
        data: {
          settlementId: id,
          merchantId,
          fromVersion: range.from.toString(),
          toVersion: range.to.toString(),
          amountMinor: amount.minor.toString(),
          currency: 'EUR',
          closedAt: at.toISOString(),
        },
      });
    });
  }
}

function closeOf(result: Extract<LedgerResult, { outcome: 'posted' }>): {
  amount: Money;
  closeVersion: bigint;
} {
  const [transfer] = result.transfers;
  invariant(transfer !== undefined, 'a settlement that posted moved something');
  return {
    amount: Money.ofMinor(BigInt(transfer.amountMinor), transfer.currency),
    closeVersion: BigInt(transfer.debitVersion),
  };
}
