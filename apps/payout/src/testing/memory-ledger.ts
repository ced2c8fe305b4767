import {
  type AccountView,
  type EventData,
  type Funds,
  type LedgerCommand,
  type LedgerCommandOf,
  type LedgerPort,
  type LedgerResult,
  LedgerUnavailable,
  type StatementLine,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

export type Line = EventData<'ledger.transfer-posted.v1'>;
type Account = { balance: bigint; version: bigint; lines: StatementLine[] };
interface Move {
  readonly debit: string;
  readonly credit: string;
  readonly amount: bigint;
  readonly purpose: string;
  readonly orderId?: string | null;
}

/** Assets and expenses grow by debits. */
export const DEBIT_SIDE = /^(psp:|bank:|loss:|fees:psp$)/;
/** Asks that floors may refuse; all others are facts. */
const ASKS: readonly string[] = ['settlement-close', 'payout-approve'];
const AT = '2026-11-23T10:00:00.000Z';

/**
 * The ledger as payouts know it, in memory: one result per command id for ever, floors at zero, each account's entries
 * counted. What is booked on pending accounts is told to `hears`, as the event would. Its postings are the ledger's own
 * table (apps/ledger/src/domain/posting-rules.ts), for the kinds that concern payouts.
 */
export class MemoryLedger implements Pick<LedgerPort, 'submit' | 'account' | 'statement'> {
  readonly posted: LedgerCommand[] = [];
  hears: (line: Line) => Promise<void> = () => Promise.resolve();
  private readonly accounts = new Map<string, Account>();
  private readonly results = new Map<string, { content: string; result: Promise<LedgerResult> }>();
  private losesAnswerTo: LedgerCommand['kind'] | null = null;
  /** When what is booked from here on took effect. */
  effectiveAt = AT;
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
  async pay(
    merchantId: string,
    amount: bigint,
    orderId: string | null = null,
    debit = 'psp:stripe:balance',
  ): Promise<void> {
    const credit = `merchant:${merchantId}:pending`;
    const gross = { debit, credit, amount, purpose: 'gross', orderId };
    await this.move(gross, UNKNOWN);
  }

  /** A refund that pending could not bear any more. */
  async refundFromAvailable(merchantId: string, amount: bigint): Promise<void> {
    const debit = `merchant:${merchantId}:available`;
    await this.move({ debit, credit: 'refund:transit', amount, purpose: 'refund' }, UNKNOWN);
  }

  statement(
    account: string,
    page: { afterVersion: string; limit: number },
  ): Promise<readonly StatementLine[]> {
    const lines = this.accounts.get(account)?.lines ?? [];
    const after = lines.filter(({ version }) => BigInt(version) > BigInt(page.afterVersion));
    return Promise.resolve(after.slice(0, page.limit));
  }

  /** Every account with its entries, by name. */
  get entries(): ReadonlyMap<string, readonly StatementLine[]> {
    return new Map([...this.accounts].map(([code, { lines }]) => [code, lines]));
  }

  account(code: string): Promise<AccountView | null> {
    if (this.isDown) return Promise.reject(new LedgerUnavailable('the ledger is down'));
    const known = this.accounts.get(code);
    if (known === undefined) return Promise.resolve(null);
    return Promise.resolve({
      ...{ account: code, currency: 'EUR', heldMinor: '0' },
      normalSide: DEBIT_SIDE.test(code) ? 'debit' : 'credit',
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
    // Kept before it is awaited: the same command at the same moment shares this answer.
    const result = this.decide(command);
    this.results.set(command.id, { content, result });
    await result;
    if (this.losesAnswerTo === command.kind) {
      this.losesAnswerTo = null;
      throw new LedgerUnavailable('the answer is lost');
    }
    return result;
  }

  private async decide(command: LedgerCommand): Promise<LedgerResult> {
    const about = { commandId: command.id, batch: '1', bookedAt: AT };
    const moves = this.movesOf(command);
    const short = moves.find(
      (move) => move.amount === 0n || this.balance(move.debit) < move.amount,
    );
    if (ASKS.includes(command.kind) && short !== undefined) {
      const code = short.amount === 0n ? 'NOTHING_TO_MOVE' : 'FLOOR';
      const limits = { account: short.debit, limitMinor: '0', shortfallMinor: null };
      return { outcome: 'refused', ...about, code, ...limits };
    }
    this.posted.push(command);
    const transfers = [];
    for (const move of moves) {
      const { debitVersion, creditVersion } = await this.move(move, command);
      const { purpose, debit, credit, amount } = move;
      transfers.push({
        ...{ seq: String(this.seq), purpose, debit, credit, amountMinor: amount.toString() },
        ...{ currency: 'EUR' as const, debitAfterMinor: '0', creditAfterMinor: '0' },
        ...{ debitVersion: debitVersion.toString(), creditVersion: creditVersion.toString() },
      });
    }
    return { outcome: 'posted', ...about, transfers };
  }

  private movesOf(command: LedgerCommand): readonly Move[] {
    if (command.kind === 'settlement-close') {
      const of = `merchant:${command.merchantId}`;
      const balance = this.balance(`${of}:pending`);
      const amount = balance > 0n ? balance : 0n;
      return [{ debit: `${of}:pending`, credit: `${of}:available`, amount, purpose: 'close' }];
    }
    const rule = RULES[command.kind] as ((command: LedgerCommand) => readonly Leg[]) | undefined;
    if (rule === undefined || !('amountMinor' in command)) {
      throw new Error(`knows no ${command.kind}`);
    }
    const amount = BigInt(command.amountMinor ?? 0);
    return rule(command).map(([purpose, debit, credit, part]) => ({
      ...{ purpose, debit, credit, amount: part ?? amount },
    }));
  }

  private async move(
    move: Move,
    cause: Pick<LedgerCommand, 'id' | 'kind'>,
  ): Promise<{ debitVersion: bigint; creditVersion: bigint }> {
    this.seq += 1;
    const debitVersion = this.book(move, 'debit', cause);
    const creditVersion = this.book(move, 'credit', cause);
    await this.tell(move, { side: 'debit', version: debitVersion });
    await this.tell(move, { side: 'credit', version: creditVersion });
    return { debitVersion, creditVersion };
  }

  private book(
    move: Move,
    side: 'debit' | 'credit',
    cause: Pick<LedgerCommand, 'id' | 'kind'>,
  ): bigint {
    const code = move[side];
    const { balance, version, lines } = this.accounts.get(code) ?? NEW_ACCOUNT;
    const grows = DEBIT_SIDE.test(code) === (side === 'debit');
    const after = balance + (grows ? move.amount : -move.amount);
    const line: StatementLine = {
      ...{ version: String(version + 1n), seq: String(this.seq), side, purpose: move.purpose },
      ...{ amountMinor: move.amount.toString(), balanceAfterMinor: after.toString() },
      counterAccount: side === 'debit' ? move.credit : move.debit,
      ...{ commandId: cause.id, commandKind: cause.kind, effectiveAt: this.effectiveAt },
      ...{ bookedAt: this.effectiveAt, ownEffectiveAt: null },
    };
    this.accounts.set(code, { balance: after, version: version + 1n, lines: [...lines, line] });
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
      orderId: move.orderId ?? null,
      ...{ attemptId: null, refundId: null, settlementId: null, payoutId: null },
      ...{ effectiveAt: this.effectiveAt, bookedAt: this.effectiveAt },
    });
  }
}

/** Who knows by which command: the test moved money itself. */
const UNKNOWN = { id: '00000000-0000-4000-8000-000000000000', kind: 'payment' } as const;
const NEW_ACCOUNT: Account = { balance: 0n, version: 0n, lines: [] };

type Leg = readonly [purpose: string, debit: string, credit: string, part?: bigint];
const PSP = 'psp:stripe:balance';
const ON_THE_WAY = 'psp:stripe:transit';
const UNPLACED = 'suspense:bank-line';

function fundsOf(from: Funds): string {
  return from.kind === 'wallet' ? `user:${from.userId}:wallet` : heldBy(from.account);
}

function heldBy(account: string | null): string {
  return account === null ? PSP : `psp:stripe:acct:${account}`;
}

/** Our fee, from a connected account to us or back. */
function feeMoved(account: string | null, amountMinor: string, isBack = false): readonly Leg[] {
  if (account === null) return [];
  const amount = BigInt(amountMinor);
  return isBack
    ? [['application-fee-back', heldBy(account), PSP, amount]]
    : [['application-fee', PSP, heldBy(account), amount]];
}

function unplaced(bank: string, isIn: boolean, purpose: string): Leg {
  return isIn ? [purpose, `bank:${bank}`, UNPLACED] : [purpose, UNPLACED, `bank:${bank}`];
}

// prettier-ignore
const RULES: { readonly [Kind in LedgerCommand['kind']]?: (of: LedgerCommandOf<Kind>) => readonly Leg[] } = {
  'payment': (of) => [
    ['gross', fundsOf(of.funds), `merchant:${of.merchantId}:pending`],
    ['fee', `merchant:${of.merchantId}:pending`, 'fees:income', BigInt(of.feeMinor)],
    ...(of.funds.kind === 'psp' ? feeMoved(of.funds.account, of.feeMinor) : []),
  ],
  'late-payment': (of) => [
    ['gross', heldBy(of.account), 'suspense:late-success'],
    ...feeMoved(of.account, of.applicationFeeMinor),
  ],
  'top-up': (of) => [['top-up', PSP, `user:${of.userId}:wallet`]],
  'refund-success': (of) => [
    ['refund', 'refund:transit', fundsOf(of.to)],
    ...(of.to.kind === 'psp' ? feeMoved(of.to.account, of.feeBackMinor, true) : []),
  ],
  'refund-return': (of) => [['refund-return', fundsOf(of.to), 'refund:transit']],
  'dispute-withdrawal': (of) => [['dispute', `merchant:${String(of.merchantId)}:pending`, PSP]],
  'dispute-return': (of) => [['dispute-return', PSP, `merchant:${String(of.merchantId)}:pending`]],
  'payout-approve': (of) => [['payout', `merchant:${of.merchantId}:available`, `merchant:${of.merchantId}:payout`]],
  'payout-settle': (of) => [['settle', `merchant:${of.merchantId}:payout`, `bank:${of.bank}`]],
  'payout-return': (of) => [
    ...(of.afterSettlement ? [['return', `bank:${of.bank}`, `merchant:${of.merchantId}:payout`] as const] : []),
    ['release', `merchant:${of.merchantId}:payout`, `merchant:${of.merchantId}:available`],
  ],
  'psp-fee': ({ back }) => [back ? ['psp-fee', PSP, 'fees:psp'] : ['psp-fee', 'fees:psp', PSP]],
  'psp-payout': () => [['psp-payout', ON_THE_WAY, PSP]],
  'psp-payout-failure': () => [['psp-payout-failure', PSP, ON_THE_WAY]],
  'psp-merchant-payout': (of) => [['psp-merchant-payout', `merchant:${of.merchantId}:available`, heldBy(of.merchantId)]],
  'psp-merchant-payout-failure': (of) => [['psp-merchant-payout-failure', heldBy(of.merchantId), `merchant:${of.merchantId}:available`]],
  'psp-payout-arrival': (of) => [of.back === true
    ? ['arrival-taken-back', ON_THE_WAY, `bank:${of.bank}`]
    : ['arrival', `bank:${of.bank}`, ON_THE_WAY]],
  'bank-line-unplaced': (of) => [unplaced(of.bank, of.direction === 'in', 'unplaced')],
  'bank-line-written-off': ({ reason, direction }) => {
    const ours = reason === 'own-funds' ? 'equity:operator' : `loss:${reason}`;
    return [direction === 'in' ? ['write-off', UNPLACED, ours] : ['write-off', ours, UNPLACED]];
  },
  'bank-line-placed': (of) => [unplaced(of.bank, of.direction === 'out', 'placed')],
};
