import {
  type AccountView,
  type EventData,
  type LedgerCommand,
  type LedgerPort,
  type LedgerResult,
  LedgerUnavailable,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

export type Line = EventData<'ledger.transfer-posted.v1'>;
type Account = { balance: bigint; version: bigint };
interface Move {
  readonly debit: string;
  readonly credit: string;
  readonly amount: bigint;
  readonly purpose: string;
}

const AT = '2026-11-23T10:00:00.000Z';

/**
 * The ledger as payouts know it, in memory: one result per command id for ever, floors at zero, each account's entries
 * counted. What is booked on pending accounts is told to `hears`, as the event would.
 */
export class MemoryLedger implements Pick<LedgerPort, 'submit' | 'account'> {
  readonly posted: LedgerCommand[] = [];
  hears: (line: Line) => Promise<void> = () => Promise.resolve();
  private readonly accounts = new Map<string, Account>();
  private readonly results = new Map<string, { content: string; result: LedgerResult }>();
  private losesAnswerTo: LedgerCommand['kind'] | null = null;
  private isDown = false;
  private seq = 0;

  /** The next command of this kind is booked, and the answer is lost on its way back. */
  loseAnswerTo(kind: LedgerCommand['kind']): void {
    this.losesAnswerTo = kind;
  }

  setDown(isDown: boolean): void {
    this.isDown = isDown;
  }

  balance(account: string): bigint {
    return this.accounts.get(account)?.balance ?? 0n;
  }

  /** A payer paid the merchant. */
  async pay(merchantId: string, amount: bigint): Promise<void> {
    const credit = `merchant:${merchantId}:pending`;
    await this.move({ debit: 'psp:stripe:balance', credit, amount, purpose: 'gross' });
  }

  /** A refund that pending could not bear any more. */
  async refundFromAvailable(merchantId: string, amount: bigint): Promise<void> {
    const debit = `merchant:${merchantId}:available`;
    await this.move({ debit, credit: 'refund:transit', amount, purpose: 'refund' });
  }

  account(code: string): Promise<AccountView | null> {
    if (this.isDown) return Promise.reject(new LedgerUnavailable('the ledger is down'));
    const known = this.accounts.get(code);
    if (known === undefined) return Promise.resolve(null);
    return Promise.resolve({
      ...{ account: code, currency: 'EUR', normalSide: 'credit', heldMinor: '0' },
      balanceMinor: known.balance.toString(),
      version: known.version.toString(),
    });
  }

  async submit(command: LedgerCommand): Promise<LedgerResult> {
    if (this.isDown) throw new LedgerUnavailable('the ledger is down');
    const content = JSON.stringify(command);
    const known = this.results.get(command.id);
    if (known !== undefined) {
      if (known.content !== content) throw new Refusal('COMMAND_CONFLICT', { id: command.id });
      return known.result;
    }
    const result = await this.decide(command);
    this.results.set(command.id, { content, result });
    if (this.losesAnswerTo === command.kind) {
      this.losesAnswerTo = null;
      throw new LedgerUnavailable('the answer is lost');
    }
    return result;
  }

  private async decide(command: LedgerCommand): Promise<LedgerResult> {
    const about = { commandId: command.id, batch: '1', bookedAt: AT };
    const move = this.moveOf(command);
    if (move.amount === 0n || this.balance(move.debit) < move.amount) {
      const code = move.amount === 0n ? 'NOTHING_TO_MOVE' : 'FLOOR';
      const limits = { account: move.debit, limitMinor: '0', shortfallMinor: null };
      return { outcome: 'refused', ...about, code, ...limits };
    }
    this.posted.push(command);
    const { debitVersion, creditVersion } = await this.move(move);
    const { purpose, debit, credit, amount } = move;
    const transfer = {
      ...{ seq: String(this.seq), purpose, debit, credit, amountMinor: amount.toString() },
      ...{ currency: 'EUR' as const, debitAfterMinor: '0', creditAfterMinor: '0' },
      ...{ debitVersion: debitVersion.toString(), creditVersion: creditVersion.toString() },
    };
    return { outcome: 'posted', ...about, transfers: [transfer] };
  }

  private moveOf(command: LedgerCommand): Move {
    const { kind } = command;
    if (kind === 'settlement-close') {
      const of = `merchant:${command.merchantId}`;
      const amount = this.balance(`${of}:pending`);
      return { debit: `${of}:pending`, credit: `${of}:available`, amount, purpose: 'close' };
    }
    if (kind !== 'payout-approve' && kind !== 'payout-return') throw new Error(`knows no ${kind}`);
    const of = `merchant:${command.merchantId}`;
    const amount = BigInt(command.amountMinor);
    return kind === 'payout-approve'
      ? { debit: `${of}:available`, credit: `${of}:payout`, amount, purpose: 'payout' }
      : { debit: `${of}:payout`, credit: `${of}:available`, amount, purpose: 'release' };
  }

  private async move(move: Move): Promise<{ debitVersion: bigint; creditVersion: bigint }> {
    this.seq += 1;
    const debitVersion = this.book(move.debit, -move.amount);
    const creditVersion = this.book(move.credit, move.amount);
    await this.tell(move, { side: 'debit', version: debitVersion });
    await this.tell(move, { side: 'credit', version: creditVersion });
    return { debitVersion, creditVersion };
  }

  private book(code: string, amount: bigint): bigint {
    const { balance, version } = this.accounts.get(code) ?? { balance: 0n, version: 0n };
    this.accounts.set(code, { balance: balance + amount, version: version + 1n });
    return version + 1n;
  }

  private async tell(
    move: Move,
    entry: { side: 'debit' | 'credit'; version: bigint },
  ): Promise<void> {
    const account = move[entry.side];
    if (!account.endsWith(':pending')) return;
    await this.hears({
      ...{ seq: String(this.seq), owner: account.split(':', 2).join(':'), account },
      ...{ side: entry.side, version: entry.version.toString(), purpose: move.purpose },
      ...{ amountMinor: move.amount.toString(), balanceAfterMinor: '0', currency: 'EUR' },
      counterAccount: entry.side === 'debit' ? move.credit : move.debit,
      ...{ commandId: '00000000-0000-4000-8000-000000000000', commandKind: 'payment' },
      ...{ orderId: null, attemptId: null, refundId: null, settlementId: null, payoutId: null },
      ...{ effectiveAt: AT, bookedAt: AT },
    });
  }
}
