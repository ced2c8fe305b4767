import { describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import { partsOf, type PspFigures } from './psp-parts.js';

const euros = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

function transaction(kind: string, amount: bigint, fee = 0n, reference?: string): PspFigures {
  return {
    ...{ id: 'txn_1', kind, amount: euros(amount), fee: euros(fee), net: euros(amount - fee) },
    ...{ reference: reference ?? null, paymentReference: null },
  };
}

describe('parts of a PSP transaction', () => {
  it.each([
    transaction('payment', 1000n, 29n, 'att_1'),
    transaction('refund', -1000n, -29n, 'rfd_1'),
    transaction('fee', -120n),
    transaction('payout', -5000n),
    transaction('payout-failure', 5000n, 0n),
    transaction('dispute', -1000n, 1500n),
    transaction('other', 3n),
    transaction('payment', 0n),
  ])('sum to its net: $kind', (figures) => {
    const sum = partsOf(figures).reduce((total, { amount }) => total + amount.minor, 0n);
    expect(sum).toBe(figures.net.minor);
  });

  it('of a payment to a connected account meet under the payment, refunds included', () => {
    const moved: readonly PspFigures[] = [
      transaction('payment', 1000n, 29n, 'att_1'),
      transaction('transfer', -1000n),
      transaction('application-fee', 19n),
      transaction('refund', -1000n, 0n, 'rfd_1'),
      transaction('transfer', 1000n),
      transaction('application-fee', -19n),
    ].map((figures) => ({ ...figures, paymentReference: 'att_1' }));
    const principal = moved.flatMap((figures) => partsOf(figures).slice(-1));
    expect(new Set(principal.map(({ key }) => key))).toEqual(new Set(['reference:att_1']));
    expect(principal.flatMap(({ commands }) => commands.map(({ purpose }) => purpose))).toEqual([
      ...['payment', 'late-payment', 'refund-success', 'refund-return'],
    ]);
  });

  it('of a payment are the fee that we book, and principal that Order’s facts book', () => {
    expect(partsOf(transaction('payment', 1000n, 29n, 'att_1'))).toEqual([
      {
        ...{ part: 'fee', key: 'fee:txn_1', amount: euros(-29n) },
        commands: [{ purpose: 'psp-fee', businessId: 'txn_1' }],
      },
      {
        ...{ part: 'principal', key: 'reference:att_1', amount: euros(1000n) },
        commands: [
          { purpose: 'payment', businessId: 'att_1' },
          { purpose: 'late-payment', businessId: 'att_1' },
        ],
      },
    ]);
  });

  it('give a refund and its failure one key, so that they cancel out', () => {
    const keys = [
      transaction('refund', -5n, 0n, 'rfd_1'),
      transaction('refund-failure', 5n, 0n, 'rfd_1'),
    ]
      .flatMap(partsOf)
      .map(({ key }) => key);
    expect(new Set(keys).size).toBe(1);
  });

  it('of a dispute are its fee, and what it took or gave back under its own name', () => {
    const taken = partsOf(transaction('dispute', -1000n, 2000n, 'du_1'));
    const back = partsOf(transaction('dispute', 1000n, 0n, 'du_1'));
    expect(taken.map(({ key }) => key)).toEqual(['fee:txn_1', 'reference:du_1']);
    expect(back).toMatchObject([
      {
        key: 'reference:du_1',
        commands: [
          { purpose: 'dispute-withdrawal', businessId: 'du_1' },
          { purpose: 'dispute-return', businessId: 'du_1' },
        ],
      },
    ]);
  });

  it('of what we know nothing about have a key of their own and no booking', () => {
    expect(partsOf(transaction('dispute', -1000n))).toMatchObject([
      { part: 'principal', key: 'transaction:txn_1', commands: [] },
    ]);
  });
});
