import { describe, expect, it } from '@jest/globals';
import type { PostingCommand } from './commands.js';
import { NEW_LEDGER, decide } from './decide.js';

type Draft = PostingCommand extends infer Any
  ? Any extends PostingCommand
    ? Omit<Any, 'id' | 'effectiveAt' | 'currency'>
    : never
  : never;

const MERCHANT = '1900000001';
const ACCT = `psp:stripe:acct:${MERCHANT}`;
const PLATFORM = 'psp:stripe:balance';
const PENDING = `merchant:${MERCHANT}:pending`;
const AVAILABLE = `merchant:${MERCHANT}:available`;
const M = { merchantId: MERCHANT };
const HELD = { kind: 'psp', psp: 'stripe', account: MERCHANT } as const;

/** Decides drafts one after the other, and tells the last one's lines and the balances after all. */
function after(...drafts: Draft[]): { lines: string[]; balances: Record<string, bigint> } {
  const commands = drafts.map((draft, index) => ({
    command: { ...draft, id: String(index), effectiveAt: '', currency: 'EUR' as const },
    content: String(index),
  }));
  const { decisions, changed } = decide(NEW_LEDGER, commands);
  const last = decisions.at(-1);
  const moves = last?.outcome === 'posted' ? last.moves : [];
  return {
    lines: moves.map(
      ({ purpose, debit, credit, amount }) =>
        `${purpose} ${debit.code} > ${credit.code} ${String(amount)}`,
    ),
    balances: Object.fromEntries([...changed].map(([code, { balance }]) => [code, balance])),
  };
}

const paid = (amountMinor: string, feeMinor: string): Draft => ({
  kind: 'payment',
  ...{ ...M, funds: HELD, amountMinor, feeMinor },
});
const refund = (amountMinor: string): Draft => ({
  kind: 'refund-request',
  ...{ ...M, from: 'merchant', amountMinor },
});
const refunded = (amountMinor: string, feeBackMinor = '0'): Draft => ({
  kind: 'refund-success',
  ...{ ...M, to: HELD, amountMinor, feeBackMinor },
});
const close: Draft = { kind: 'settlement-close', ...M };
const payout = (amountMinor: string): Draft => ({
  kind: 'psp-merchant-payout',
  ...{ ...M, psp: 'stripe', amountMinor },
});

describe('money that the PSP holds for a merchant', () => {
  it('comes to the connected account, which passes our fee on to us', () => {
    const { lines, balances } = after(paid('1000', '19'));
    expect(lines).toEqual([
      `gross ${ACCT} > ${PENDING} 1000`,
      `fee ${PENDING} > fees:income 19`,
      `application-fee ${PLATFORM} > ${ACCT} 19`,
    ]);
    expect(balances).toEqual({
      ...{ [ACCT]: 981n, [PENDING]: 981n, [PLATFORM]: 19n, 'fees:income': 19n },
    });
  });

  it('goes back to the payer from there, and comes back there', () => {
    const success = [paid('1000', '19'), refund('500'), refunded('500')];
    expect(after(...success).lines).toEqual([`refund refund:transit > ${ACCT} 500`]);
    const back: Draft = { kind: 'refund-return', ...M, to: HELD, amountMinor: '500' };
    expect(after(...success, back).lines).toEqual([`refund-return ${ACCT} > refund:transit 500`]);
  });

  it('that came too late goes back together with our fee', () => {
    const late: Draft = {
      kind: 'late-payment',
      ...{ ...M, psp: 'stripe', account: MERCHANT, amountMinor: '700', applicationFeeMinor: '14' },
    };
    expect(after(late).balances).toEqual({
      ...{ [ACCT]: 686n, [PLATFORM]: 14n, 'suspense:late-success': 700n },
    });
    const asked: Draft = {
      kind: 'refund-request',
      ...{ ...M, from: 'late-payment', amountMinor: '700' },
    };
    expect(after(late, asked, refunded('700', '14')).balances).toEqual({
      ...{ [ACCT]: 0n, [PLATFORM]: 0n, 'suspense:late-success': 0n, 'refund:transit': 0n },
    });
  });

  it('is paid out from what is available, then from what is not closed yet', () => {
    const { lines, balances } = after(paid('1000', '19'), close, paid('500', '0'), payout('1200'));
    expect(lines).toEqual([
      `psp-merchant-payout ${AVAILABLE} > ${ACCT} 981`,
      `psp-merchant-payout ${PENDING} > ${ACCT} 219`,
    ]);
    expect(balances).toMatchObject({ [ACCT]: 281n, [PENDING]: 281n, [AVAILABLE]: 0n });
  });

  it('and was paid out beyond what we owe is owed to us by the merchant', () => {
    expect(after(payout('50')).balances).toEqual({ [PENDING]: -50n, [ACCT]: -50n });
  });

  it('is owed again when the payout fails', () => {
    const failure: Draft = {
      kind: 'psp-merchant-payout-failure',
      ...{ ...M, psp: 'stripe', amountMinor: '981' },
    };
    const { lines, balances } = after(paid('1000', '19'), close, payout('981'), failure);
    expect(lines).toEqual([`psp-merchant-payout-failure ${ACCT} > ${AVAILABLE} 981`]);
    expect(balances).toMatchObject({ [ACCT]: 981n, [AVAILABLE]: 981n });
  });
});
