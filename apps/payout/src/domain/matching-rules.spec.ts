import { describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import type { BankLine, Candidates, KnownPayout, KnownPspPayout } from './bank-line.js';
import { matchByHand, matchLine, type Problem } from './matching-rules.js';

const euros = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');
const FREE = { settled: false, rejected: false, returned: false };

function line(over: Partial<BankLine> = {}): BankLine {
  return {
    ...{ id: 'bln_1', kind: 'entry', amount: euros(-1000n), bookedOn: '2026-11-24' },
    ...{ endToEndId: 'po-1', paymentInformationId: null, transactionCount: 1 },
    ...{ returnReason: null, remittance: null, ...over },
  };
}
function payout(over: Partial<KnownPayout> = {}): KnownPayout {
  return { id: 'po_1', state: 'exported', amount: euros(1000n), taken: FREE, ...over };
}
function pspPayout(over: Partial<KnownPspPayout> = {}): KnownPspPayout {
  return {
    id: 'po_Psp',
    amount: euros(1000n),
    hasArrived: false,
    isTakenBack: false,
    hasFailed: false,
    ...over,
  };
}
function known(over: Partial<Candidates> = {}): Candidates {
  return { payout: null, batch: null, pspPayouts: [], ...over };
}

describe('a line', () => {
  it('with our EndToEndId, amount and sign is that payout’s payment', () => {
    expect(matchLine(line(), known({ payout: payout() }))).toMatchObject({
      rule: 'payout-by-end-to-end-id',
      version: 1,
      placement: { kind: 'settle', payoutIds: ['po_1'] },
    });
  });

  it.each([
    ['a cent more', { amount: euros(-1001n) }, {}, true],
    ['a cent less', { amount: euros(-999n) }, {}, true],
    ['paid before', {}, { taken: { ...FREE, settled: true } }, false],
    ['rejected before', {}, { taken: { ...FREE, rejected: true } }, false],
    ['never given to the bank', {}, { state: 'approved' as const }, false],
    ['the same money coming in without a reason', { amount: euros(1000n) }, {}, false],
  ])('is not placed when it is %s', (_what, of, its, isOtherAmount) => {
    const match = matchLine(line(of), known({ payout: payout(its) }));
    expect(match).toMatchObject({ rule: null, isOtherAmount, codes: [expect.any(String)] });
  });

  it('is never placed by its amount alone', () => {
    const nameless = line({ endToEndId: null });
    expect(matchLine(nameless, known())).toMatchObject({ rule: null });
  });

  it('that is a whole batch pays every payout of it', () => {
    const batch = [payout(), payout({ id: 'po_2', amount: euros(500n) })];
    const whole = line({
      ...{ endToEndId: null, paymentInformationId: 'pob-1', amount: euros(-1500n) },
      transactionCount: 2,
    });
    expect(matchLine(whole, known({ batch }))).toMatchObject({
      rule: 'batch-by-payment-information-id',
      placement: { payoutIds: ['po_1', 'po_2'] },
    });
    const uncounted = { ...whole, transactionCount: null };
    expect(matchLine(uncounted, known({ batch }))).toMatchObject({
      placement: { kind: 'settle' },
    });
    const less = { ...whole, transactionCount: 3 };
    expect(matchLine(less, known({ batch }))).toMatchObject({ rule: null, isOtherAmount: true });
  });

  it('that is a batch without a payout that was rejected pays the others', () => {
    const rejected = payout({ id: 'po_2', taken: { ...FREE, rejected: true } });
    const rest = line({ endToEndId: null, paymentInformationId: 'pob-1', transactionCount: null });
    expect(matchLine(rest, known({ batch: [payout(), rejected] }))).toMatchObject({
      placement: { payoutIds: ['po_1'] },
    });
  });

  it('whose text names a payout of the PSP, with its net, is its arrival', () => {
    const arrival = line({ endToEndId: null, amount: euros(1000n) });
    expect(matchLine(arrival, known({ pspPayouts: [pspPayout()] }))).toMatchObject({
      rule: 'psp-payout-by-its-id',
      placement: { kind: 'arrival', pspPayoutId: 'po_Psp' },
    });
    for (const odd of [
      [pspPayout({ amount: euros(1001n) })],
      [pspPayout({ hasArrived: true })],
      [pspPayout({ hasFailed: true })],
      [pspPayout(), pspPayout({ id: 'po_Other' })],
    ]) {
      expect(matchLine(arrival, known({ pspPayouts: odd }))).toMatchObject({ rule: null });
    }
    const out = line({ endToEndId: null });
    expect(matchLine(out, known({ pspPayouts: [pspPayout()] }))).toMatchObject({
      ...{ rule: null, codes: ['psp-payout-comes-in'] },
    });
  });

  it('that went out and names a payout of the PSP that had arrived takes it back, once', () => {
    const out = line({ endToEndId: null });
    const arrived = pspPayout({ hasArrived: true, hasFailed: true });
    expect(matchLine(out, known({ pspPayouts: [arrived] }))).toMatchObject({
      rule: 'psp-payout-taken-back',
      placement: { kind: 'taken-back', pspPayoutId: 'po_Psp' },
    });
    for (const [odd, code] of [
      [[pspPayout({ hasArrived: true, amount: euros(999n) })], 'other-amount'],
      [[pspPayout({ hasArrived: true, isTakenBack: true })], 'psp-payout-taken-back'],
      [[arrived, pspPayout({ id: 'po_Other' })], 'several-psp-payouts'],
    ] as const) {
      expect(matchLine(out, known({ pspPayouts: odd }))).toMatchObject({
        rule: null,
        codes: [code],
      });
    }
  });

  it('with a return’s reason and the EndToEndId of a paid payout is its return', () => {
    const back = line({ amount: euros(1000n), returnReason: 'AC04' });
    const paid = payout({ state: 'settled', taken: { ...FREE, settled: true } });
    expect(matchLine(back, known({ payout: paid }))).toMatchObject({
      rule: 'return-by-end-to-end-id',
      placement: { kind: 'return', payoutId: 'po_1', code: 'AC04' },
    });
    expect(matchLine(back, known({ payout: payout() }))).toMatchObject({ rule: null });
    const twice = payout({ ...paid, taken: { ...paid.taken, returned: true } });
    expect(matchLine(back, known({ payout: twice }))).toMatchObject({ rule: null });
    const less = { ...back, amount: euros(990n) };
    expect(matchLine(less, known({ payout: paid }))).toMatchObject({ isOtherAmount: true });
  });
});

describe('a person', () => {
  const by = { note: 'seen on paper' };

  it('places what fits, and the note is why', () => {
    expect(matchByHand(line({ endToEndId: null }), known({ payout: payout() }), by)).toEqual({
      ...{ rule: 'by-hand', version: 1, explanation: 'seen on paper' },
      placement: { kind: 'settle', payoutIds: ['po_1'] },
    });
    const back = line({ amount: euros(1000n) });
    const paid = payout({ state: 'settled' });
    expect(matchByHand(back, known({ payout: paid }), by)).toMatchObject({
      placement: { kind: 'return', code: 'MS03' },
    });
  });

  it.each<[string, BankLine, Candidates, Problem]>([
    ['another amount', line({ amount: euros(-1n) }), known({ payout: payout() }), 'other-amount'],
    ['nothing of ours', line(), known(), 'names-nothing'],
    [
      'a PSP’s payout for what went out',
      line(),
      known({ pspPayouts: [pspPayout()] }),
      'psp-payout-comes-in',
    ],
    [
      'what was there before',
      line({ kind: 'opening' }),
      known({ payout: payout() }),
      'opening-balance',
    ],
  ])('may not name %s', (_what, of, named, code) => {
    expect(matchByHand(of, named, by)).toMatchObject({ code });
  });
});
