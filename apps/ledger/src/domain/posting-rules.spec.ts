import { describe, expect, it } from '@jest/globals';
import type { PostingCommand } from './commands.js';
import { NEW_LEDGER, decide } from './decide.js';
import type { Decision } from './decision.js';

type Draft = PostingCommand extends infer Any
  ? Any extends PostingCommand
    ? Omit<Any, 'id' | 'effectiveAt' | 'currency'>
    : never
  : never;

const M = { merchantId: '1900000001' };
const PSP = { kind: 'psp', psp: 'stripe', account: null } as const;
const WALLET = { kind: 'wallet', userId: 'usr_a' } as const;

/** Decides drafts one after the other, and tells the last one's lines and the balances after all. */
function after(...drafts: Draft[]): {
  last: Decision | undefined;
  lines: string[];
  balances: Record<string, bigint>;
} {
  const commands = drafts.map((draft, index) => {
    const command = {
      ...draft,
      id: String(index),
      effectiveAt: '',
      currency: 'EUR',
    } as PostingCommand;
    return { command, content: String(index) };
  });
  const { decisions, changed } = decide(NEW_LEDGER, commands);
  const last = decisions.at(-1);
  const moves = last?.outcome === 'posted' ? last.moves : [];
  return {
    last,
    lines: moves.map(
      (move) => `${move.purpose} ${move.debit.code} > ${move.credit.code} ${String(move.amount)}`,
    ),
    balances: Object.fromEntries([...changed].map(([code, { balance }]) => [code, balance])),
  };
}

const topUp = (amountMinor: string): Draft => ({
  kind: 'top-up',
  userId: 'usr_a',
  psp: 'stripe',
  amountMinor,
});
const paid = (amountMinor: string, feeMinor = '0'): Draft => ({
  kind: 'payment',
  ...M,
  funds: PSP,
  amountMinor,
  feeMinor,
});
const refund = (amountMinor: string): Draft => ({
  kind: 'refund-request',
  ...M,
  from: 'merchant',
  amountMinor,
});
const LATE: Draft = {
  kind: 'late-payment',
  ...{ ...M, psp: 'stripe', account: null, amountMinor: '700', applicationFeeMinor: '0' },
};
const LATE_BACK = { kind: 'refund-request', ...M, from: 'late-payment' } as const;
const refunded = { kind: 'refund-success', ...M, to: PSP, feeBackMinor: '0' } as const;
const close: Draft = { kind: 'settlement-close', ...M };
const approve = (amountMinor: string): Draft => ({ kind: 'payout-approve', ...M, amountMinor });
const settle = (amountMinor: string): Draft => ({
  kind: 'payout-settle',
  ...M,
  bank: 'main',
  amountMinor,
});

describe('a payment', () => {
  it('by the PSP credits pending gross and takes the fee from it', () => {
    expect(after(paid('1000', '19')).lines).toEqual([
      'gross psp:stripe:balance > merchant:1900000001:pending 1000',
      'fee merchant:1900000001:pending > fees:income 19',
    ]);
  });

  it('has no fee line when the fee is nothing', () => {
    expect(after(paid('1000')).lines).toHaveLength(1);
  });

  it('from a wallet takes what is there', () => {
    const { lines, balances } = after(topUp('1000'), {
      kind: 'payment',
      ...M,
      funds: WALLET,
      amountMinor: '1000',
      feeMinor: '19',
    });
    expect(lines[0]).toBe('gross user:usr_a:wallet > merchant:1900000001:pending 1000');
    expect(balances['user:usr_a:wallet']).toBe(0n);
  });

  it('from a wallet that has too little is refused with the shortfall', () => {
    const { last } = after(topUp('900'), {
      kind: 'payment',
      ...M,
      funds: WALLET,
      amountMinor: '1000',
      feeMinor: '19',
    });
    expect(last).toEqual({
      outcome: 'refused',
      code: 'FLOOR',
      account: 'user:usr_a:wallet',
      limit: 0n,
      shortfall: 100n,
    });
  });

  it('of nothing from a wallet is refused, and from the PSP is told and moves nothing', () => {
    const none = { kind: 'payment', ...M, amountMinor: '0', feeMinor: '0' } as const;
    expect(after({ ...none, funds: WALLET }).last).toMatchObject({
      outcome: 'refused',
      code: 'NOTHING_TO_MOVE',
    });
    expect(after({ ...none, funds: PSP }).last).toEqual({ outcome: 'posted', moves: [] });
  });

  it('from a wallet is welcome to a merchant whom facts took below zero', () => {
    const fee: Draft = { kind: 'payment', ...M, funds: PSP, amountMinor: '0', feeMinor: '500' };
    const { last, balances } = after(topUp('100'), fee, {
      kind: 'payment',
      ...M,
      funds: WALLET,
      amountMinor: '100',
      feeMinor: '2',
    });
    expect(last?.outcome).toBe('posted');
    expect(balances['merchant:1900000001:pending']).toBe(-402n);
  });
});

describe('a refund', () => {
  it('takes pending first, then available', () => {
    const { lines } = after(paid('1000'), close, paid('300'), refund('500'));
    expect(lines).toEqual([
      'refund merchant:1900000001:pending > refund:transit 300',
      'refund merchant:1900000001:available > refund:transit 200',
    ]);
  });

  it('is refused whole when both together are short', () => {
    const { last, balances } = after(paid('1000'), close, paid('300'), refund('1400'));
    expect(last).toEqual({
      outcome: 'refused',
      code: 'FLOOR',
      account: 'merchant:1900000001:available',
      limit: 0n,
      shortfall: 100n,
    });
    expect(balances['merchant:1900000001:pending']).toBe(300n);
  });

  it('of a late payment takes the suspense it went to', () => {
    const { lines } = after(LATE, { ...LATE_BACK, amountMinor: '700' });
    expect(lines).toEqual(['refund suspense:late-success > refund:transit 700']);
  });

  it('that succeeded leaves transit, and that came back is owed again', () => {
    const success: Draft = { ...refunded, amountMinor: '500' };
    const done = after(paid('1000'), refund('500'), success);
    expect(done.lines).toEqual(['refund refund:transit > psp:stripe:balance 500']);
    const back: Draft = { kind: 'refund-return', ...M, to: PSP, amountMinor: '500' };
    expect(after(paid('1000'), refund('500'), success, back).lines).toEqual([
      'refund-return psp:stripe:balance > refund:transit 500',
    ]);
  });

  it('that succeeded without being asked for goes to suspense', () => {
    expect(after({ ...refunded, amountMinor: '500' }).lines).toEqual([
      'refund suspense:refund-success > psp:stripe:balance 500',
    ]);
  });
});

describe('a settlement', () => {
  it('moves all that is pending', () => {
    expect(after(paid('1000', '19'), close).lines).toEqual([
      'close merchant:1900000001:pending > merchant:1900000001:available 981',
    ]);
  });

  it.each([
    { state: 'nothing', before: [] },
    {
      state: 'less than nothing',
      before: [{ kind: 'payment', ...M, funds: PSP, amountMinor: '0', feeMinor: '5' } as const],
    },
  ])('of $state is refused', ({ before }) => {
    expect(after(...before, close).last).toMatchObject({
      outcome: 'refused',
      code: 'NOTHING_TO_MOVE',
      account: 'merchant:1900000001:pending',
    });
  });
});

describe('a payout', () => {
  const ready = [paid('1000'), close, approve('600')];

  it('is set aside at approval and leaves by the bank', () => {
    expect(after(...ready).lines).toEqual([
      'payout merchant:1900000001:available > merchant:1900000001:payout 600',
    ]);
    expect(after(...ready, settle('600')).lines).toEqual([
      'settle merchant:1900000001:payout > bank:main 600',
    ]);
  });

  it('of more than is available is refused', () => {
    expect(after(...ready, approve('401')).last).toMatchObject({
      outcome: 'refused',
      code: 'FLOOR',
      shortfall: 1n,
    });
  });

  it('that the bank refused is available again', () => {
    const refused: Draft = {
      kind: 'payout-return',
      ...M,
      bank: 'main',
      afterSettlement: false,
      amountMinor: '600',
    };
    expect(after(...ready, refused).lines).toEqual([
      'release merchant:1900000001:payout > merchant:1900000001:available 600',
    ]);
  });

  it('that came back after it was paid is available again', () => {
    const returned: Draft = {
      kind: 'payout-return',
      ...M,
      bank: 'main',
      afterSettlement: true,
      amountMinor: '600',
    };
    expect(after(...ready, settle('600'), returned).lines).toEqual([
      'return bank:main > merchant:1900000001:payout 600',
      'release merchant:1900000001:payout > merchant:1900000001:available 600',
    ]);
  });

  it('that nobody approved goes to suspense', () => {
    expect(after(settle('50')).lines).toEqual(['settle suspense:payout-settle > bank:main 50']);
  });

  it('takes the PSP’s fee from its balance, and gives it back the same way', () => {
    const fee = { kind: 'psp-fee', psp: 'stripe', back: false, amountMinor: '29' } as const;
    expect(after(fee).lines).toEqual(['psp-fee fees:psp > psp:stripe:balance 29']);
    const both = after(fee, { ...fee, back: true }).balances;
    expect(both).toEqual({ 'fees:psp': 0n, 'psp:stripe:balance': 0n });
  });

  it('follows the PSP’s payout to our bank, and back when it fails', () => {
    const sent = { kind: 'psp-payout', psp: 'stripe', amountMinor: '971' } as const;
    const arrived = { ...sent, kind: 'psp-payout-arrival', bank: 'main' } as const;
    expect(after(sent, arrived).balances).toMatchObject({
      'psp:stripe:transit': 0n,
      'bank:main': 971n,
    });
    expect(after(sent, { ...sent, kind: 'psp-payout-failure' }).balances).toEqual({
      'psp:stripe:transit': 0n,
      'psp:stripe:balance': 0n,
    });
  });

  it.each(['in', 'out'] as const)(
    'keeps a bank line that no rule places in suspense until it is placed (%s)',
    (direction) => {
      const line = { bank: 'main', direction, amountMinor: '500' } as const;
      const kept = after({ kind: 'bank-line-unplaced', ...line });
      const signed = direction === 'in' ? 500n : -500n;
      expect(kept.balances).toEqual({ 'bank:main': signed, 'suspense:bank-line': signed });
      const placed = after(
        { kind: 'bank-line-unplaced', ...line },
        { kind: 'bank-line-placed', ...line },
      );
      expect(placed.balances).toEqual({ 'bank:main': 0n, 'suspense:bank-line': 0n });
      const lost = after(
        { kind: 'bank-line-unplaced', ...line },
        { kind: 'bank-line-written-off', direction, amountMinor: '500', reason: 'tolerance' },
      );
      expect(lost.balances).toEqual({
        ...{ 'bank:main': signed, 'suspense:bank-line': 0n, 'loss:tolerance': -signed },
      });
    },
  );
});
