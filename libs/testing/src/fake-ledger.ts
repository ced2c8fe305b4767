import {
  type AccountView,
  type Funds,
  type LedgerCommand,
  type LedgerCommandOf,
  type LedgerPort,
  type LedgerResult,
  LedgerUnavailable,
  type StatementLine,
  type TrialBalance,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

type Move = readonly [debit: string, credit: string, amountMinor: bigint];
type Refused = Extract<LedgerResult, { outcome: 'refused' }>;

/**
 * A ledger in memory that keeps the port's promises: one result per command id for ever, refusals included; other
 * content under a used id is a conflict; liabilities never fall below zero.
 */
export class FakeLedger implements LedgerPort {
  readonly balances = new Map<string, bigint>();
  readonly posted: LedgerCommand[] = [];
  private readonly results = new Map<string, { content: string; result: LedgerResult }>();
  private answersToLose = 0;
  private isDown = false;

  /** The next calls do their work, and the answer is lost on the way back. */
  loseAnswers(count: number): void {
    this.answersToLose = count;
  }

  setDown(isDown: boolean): void {
    this.isDown = isDown;
  }

  balanceOf(account: string): bigint {
    return this.balances.get(account) ?? 0n;
  }

  submit(command: LedgerCommand): Promise<LedgerResult> {
    return this.answer(() => {
      const content = JSON.stringify(command);
      const known = this.results.get(command.id);
      if (known !== undefined) {
        if (known.content === content || known.content === '') return known.result;
        throw new Refusal('COMMAND_CONFLICT', { id: command.id, was: known.content, is: content });
      }
      const result = this.decide(command);
      this.results.set(command.id, { content, result });
      return result;
    });
  }

  submitAll(commands: readonly LedgerCommand[]): Promise<readonly LedgerResult[]> {
    return Promise.all(commands.map((command) => this.submit(command)));
  }

  void(commandId: string): Promise<LedgerResult> {
    return this.answer(() => {
      const known = this.results.get(commandId);
      if (known !== undefined) return known.result;
      const result = refused(commandId, 'VOIDED');
      this.results.set(commandId, { content: '', result });
      return result;
    });
  }

  account(account: string): Promise<AccountView | null> {
    const balance = this.balances.get(account);
    return this.answer(() =>
      balance === undefined
        ? null
        : {
            ...{ account, currency: 'EUR', normalSide: 'credit', heldMinor: '0', version: '0' },
            balanceMinor: balance.toString(),
          },
    );
  }

  statement(): Promise<readonly StatementLine[]> {
    return Promise.resolve([]);
  }

  trialBalance(): Promise<TrialBalance> {
    const sum = [...this.balances.values()].reduce((total, balance) => total + balance, 0n);
    return Promise.resolve({
      ...{ currency: 'EUR', debitMinor: '0', creditMinor: '0', accounts: [] },
      differenceMinor: sum.toString(),
    });
  }

  private decide(command: LedgerCommand): LedgerResult {
    if (command.kind === 'account-set' && this.balanceOf(command.account) !== 0n) {
      return refused(command.id, 'ACCOUNT_NOT_EMPTY');
    }
    for (const [debit, , amount] of this.movesOf(command)) {
      // The PSP took it: nobody is asked.
      if (command.kind === 'dispute-withdrawal') continue;
      if (debit.startsWith('psp:') || this.balanceOf(debit) >= amount) continue;
      return refused(command.id, 'FLOOR');
    }
    for (const [debit, credit, amount] of this.movesOf(command)) {
      this.balances.set(debit, this.balanceOf(debit) - amount);
      this.balances.set(credit, this.balanceOf(credit) + amount);
    }
    this.posted.push(command);
    const base = { outcome: 'posted', commandId: command.id, batch: '1' } as const;
    return { ...base, bookedAt: command.effectiveAt, transfers: [] };
  }

  private movesOf(command: LedgerCommand): readonly Move[] {
    if (command.kind === 'account-set') return [];
    const rule = MOVES[command.kind] as ((command: LedgerCommand) => Move) | undefined;
    if (rule === undefined) throw new Error(`the fake ledger does not know ${command.kind}`);
    return [rule(command)];
  }

  private async answer<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.isDown) throw new LedgerUnavailable('the fake ledger is down');
    const result = work();
    if (this.answersToLose === 0) return result;
    this.answersToLose -= 1;
    throw new LedgerUnavailable('the answer of the fake ledger is lost');
  }
}

const PSP = 'psp:stripe:balance';
const TRANSIT = 'refund:transit';
const LATE = 'suspense:late-success';

function accountOf(funds: Funds): string {
  return funds.kind === 'wallet' ? `user:${funds.userId}:wallet` : heldBy(funds.account);
}

function heldBy(account: string | null): string {
  return account === null ? PSP : `psp:stripe:acct:${account}`;
}

/** Gross amounts only: whoever tests fees asks the real one. */
const MOVES: {
  readonly [Kind in LedgerCommand['kind']]?: (command: LedgerCommandOf<Kind>) => Move;
} = {
  payment: (of) => [
    accountOf(of.funds),
    `merchant:${of.merchantId}:pending`,
    BigInt(of.amountMinor),
  ],
  'late-payment': (of) => [heldBy(of.account), LATE, BigInt(of.amountMinor)],
  'refund-request': (of) => {
    const from = of.from === 'merchant' ? `merchant:${of.merchantId}:pending` : LATE;
    return [from, TRANSIT, BigInt(of.amountMinor)];
  },
  'refund-success': (of) => [TRANSIT, accountOf(of.to), BigInt(of.amountMinor)],
  'refund-return': (of) => [accountOf(of.to), TRANSIT, BigInt(of.amountMinor)],
  'dispute-withdrawal': (of) => [disputedOf(of.merchantId), PSP, BigInt(of.amountMinor)],
  'dispute-return': (of) => [PSP, disputedOf(of.merchantId), BigInt(of.amountMinor)],
  'top-up': (of) => [PSP, `user:${of.userId}:wallet`, BigInt(of.amountMinor)],
};

function disputedOf(merchantId: string | null): string {
  return merchantId === null ? 'suspense:dispute' : `merchant:${merchantId}:pending`;
}

function refused(commandId: string, code: Refused['code']): Refused {
  return {
    ...{ outcome: 'refused', commandId, batch: '1', bookedAt: '2026-11-23T10:00:00.000Z', code },
    ...{ account: null, limitMinor: null, shortfallMinor: null },
  };
}
