import { describe, expect, it } from '@jest/globals';
import type { PostingCommand } from './commands.js';
import { decide, NEW_LEDGER } from './decide.js';

const M = { merchantId: '1900000001' } as const;
const PENDING = 'merchant:1900000001:pending';
const AVAILABLE = 'merchant:1900000001:available';
const BALANCE = 'psp:stripe:balance';

type Draft = PostingCommand extends infer One
  ? One extends PostingCommand
    ? Omit<One, 'id' | 'effectiveAt' | 'currency'>
    : never
  : never;

/** What the last of these moves, and what every account has after them. */
function after(...drafts: readonly Draft[]) {
  const commands = drafts.map((draft, index) => {
    const id = String(index);
    const common = { id, effectiveAt: '', currency: 'EUR' };
    return { command: { ...draft, ...common } as PostingCommand, content: id };
  });
  const { decisions, changed } = decide(NEW_LEDGER, commands);
  const last = decisions.at(-1);
  const moves = last?.outcome === 'posted' ? last.moves : [];
  return {
    lines: moves.map(({ debit, credit, amount }) => [debit.code, credit.code, amount]),
    balances: Object.fromEntries([...changed].map(([code, { balance }]) => [code, balance])),
  };
}

const paid = (amountMinor: string): Draft => ({
  kind: 'payment',
  ...{ ...M, feeMinor: '0', amountMinor },
  funds: { kind: 'psp', psp: 'stripe', account: null },
});
const close: Draft = { kind: 'settlement-close', ...M };
const disputed = (amountMinor: string): Draft => ({
  kind: 'dispute-withdrawal',
  ...{ ...M, psp: 'stripe', amountMinor },
});
const won = (amountMinor: string): Draft => ({
  kind: 'dispute-return',
  ...{ ...M, psp: 'stripe', amountMinor },
});

describe('a dispute', () => {
  it('takes what is pending, then what is available, and the merchant owes us the rest', () => {
    const { lines, balances } = after(paid('1000'), close, paid('300'), disputed('1500'));
    expect(lines).toEqual([
      ...[[PENDING, BALANCE, 300n]],
      ...[[AVAILABLE, BALANCE, 1000n]],
      ...[[PENDING, BALANCE, 200n]],
    ]);
    expect(balances).toMatchObject({ [PENDING]: -200n, [AVAILABLE]: 0n, [BALANCE]: -200n });
  });

  it('takes no more than it says, however much there is', () => {
    const { lines } = after(paid('1000'), close, paid('1000'), disputed('700'));
    expect(lines).toEqual([[PENDING, BALANCE, 700n]]);
  });

  it('that is won pays back what the merchant owed first', () => {
    const { balances } = after(paid('100'), disputed('1500'), won('1500'));
    expect(balances).toMatchObject({ [PENDING]: 100n, [BALANCE]: 100n });
  });
});
