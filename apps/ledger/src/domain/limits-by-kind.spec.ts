import { describe, expect, it } from '@jest/globals';
import {
  book,
  bookEach,
  chain,
  COMMON,
  funded,
  pay,
  topUp,
  transfer,
  WALLET,
} from '../testing/book.js';
import type { Command, DecidableCommand, LimitTerms } from './commands.js';

const FUNDED = funded('2026-11-23T12:00:00Z', '1000000');
const SHOP = 'merchant:1900000001:pending';
const FEES = '10';

const limit = (id: string, subject: string, over: Partial<LimitTerms>): Command => ({
  ...{ kind: 'limit-set', id, ...COMMON, subject, name: 'spend' },
  limit: {
    ...{ window: { kind: 'day' }, side: null, counterparty: null },
    ...{ countMax: null, sumMaxMinor: null, ...over },
  },
});
const onShop = (sumMaxMinor: string): Command =>
  limit('1', `account:${SHOP}`, { side: 'debit', sumMaxMinor });

function withFee(command: DecidableCommand): DecidableCommand {
  if (command.kind !== 'payment') throw new Error('only a payment has a fee');
  return { ...command, feeMinor: FEES };
}

describe('a limit, by what is asked', () => {
  it('binds a reversal: it is an ask of whoever gives back', () => {
    const given = chain('old', transfer(WALLET, SHOP, '100'));
    const back: Command = { kind: 'reversal', id: '2', ...COMMON, commandId: 'old', parts: null };
    const at = (sumMax: string): unknown => book(FUNDED, onShop(sumMax), given, back).last;
    expect(at('100')).toMatchObject({ outcome: 'posted' });
    expect(at('99')).toMatchObject({ outcome: 'refused', code: 'LIMIT', shortfall: 1n });
  });

  it('counts a payment by its price alone, once, for the subjects that it names', () => {
    const subjects = ['device:1'];
    const limited = book(FUNDED, limit('1', 'device:1', { sumMaxMinor: '200' })).state;
    const { decisions } = bookEach(
      limited,
      withFee(pay('2', '100', { subjects })),
      withFee(pay('3', '100', { subjects })),
      withFee(pay('4', '1', { subjects })),
    );
    expect(decisions).toMatchObject([
      { outcome: 'posted' },
      { outcome: 'posted' },
      { outcome: 'refused', code: 'LIMIT', velocity: { sumLeft: 0n } },
    ]);
  });

  it('lets a fact pass and counts it, so that the next ask finds nothing left', () => {
    const onWallet = limit('1', `account:${WALLET}`, { side: 'credit', countMax: '1' });
    const { decisions } = bookEach(
      book(FUNDED, pay('0p', '50'), onWallet).state,
      topUp('2', '5'),
      topUp('3', '5'),
      chain('4', transfer(SHOP, WALLET, '1')),
    );
    expect(decisions).toMatchObject([
      { outcome: 'posted' },
      { outcome: 'posted' },
      { outcome: 'refused', code: 'LIMIT' },
    ]);
  });
});
