import { describe, expect, it } from '@jest/globals';
import { COMMON } from '../testing/book.js';
import type { CommandOf, PostingKind } from './commands.js';
import { accountsOf, type Leg, type LegAmount, postingOf } from './posting-rules.js';

type Rest<Kind extends PostingKind> = Omit<
  CommandOf<Kind>,
  'kind' | 'id' | 'effectiveAt' | 'currency'
>;

const M = { merchantId: '19' };
const WALLET = { kind: 'wallet', userId: 'usr_a' } as const;
const OWN = { kind: 'psp', psp: 'stripe', account: null } as const;
const THEIRS = { kind: 'psp', psp: 'stripe', account: '19' } as const;
const STRIPE = { psp: 'stripe' } as const;
const amountMinor = '9';
const PENDING = 'merchant:19:pending';
const AVAILABLE = 'merchant:19:available';
const PAYOUT = 'merchant:19:payout';
const BALANCE = 'psp:stripe:balance';
const TRANSIT = 'psp:stripe:transit';
const ACCOUNT = 'psp:stripe:acct:19';

function lineOf({ purpose, debit, credit, amount }: Leg): string {
  return `${purpose}: ${debit} > ${credit} ${amountText(amount)}`;
}

function amountText(amount: LegAmount): string {
  return amount.take === 'all' ? 'all' : `${amount.take} ${String(amount.minor)}`;
}

function postingFor<Kind extends PostingKind>(kind: Kind, rest: Rest<Kind>) {
  const command = { kind, id: '1', ...COMMON, ...rest } as unknown as CommandOf<Kind>;
  return postingOf(command);
}

/** Nature, or where a fact strays to, and the lines. */
function told<Kind extends PostingKind>(kind: Kind, rest: Rest<Kind>): readonly string[] {
  const { nature, stray, legs } = postingFor(kind, rest);
  return [nature === 'ask' ? `ask ${String(stray)}` : `fact ${String(stray)}`, ...legs.map(lineOf)];
}

const ASK = 'ask null';

describe('the posting table', () => {
  it('books payments', () => {
    const paid = { ...M, attemptId: 'a', orderId: 'o', amountMinor, feeMinor: '1' };
    const fee = `fee: ${PENDING} > fees:income exactly 1`;
    expect(told('payment', { ...paid, funds: WALLET })).toEqual([
      ...[ASK, `gross: user:usr_a:wallet > ${PENDING} exactly 9`, fee],
    ]);
    expect(told('payment', { ...paid, funds: OWN })).toEqual([
      ...['fact suspense:payment', `gross: ${BALANCE} > ${PENDING} exactly 9`, fee],
    ]);
    expect(told('payment', { ...paid, funds: THEIRS })).toEqual([
      ...['fact suspense:payment', `gross: ${ACCOUNT} > ${PENDING} exactly 9`, fee],
      `application-fee: ${BALANCE} > ${ACCOUNT} exactly 1`,
    ]);
  });

  it('books payments that came too late', () => {
    const late = { ...M, ...STRIPE, attemptId: 'a', orderId: 'o', amountMinor };
    expect(told('late-payment', { ...late, account: null, applicationFeeMinor: '0' })).toEqual([
      ...['fact suspense:late-payment', `gross: ${BALANCE} > suspense:late-success exactly 9`],
    ]);
    expect(told('late-payment', { ...late, account: '19', applicationFeeMinor: '2' })).toEqual([
      ...['fact suspense:late-payment', `gross: ${ACCOUNT} > suspense:late-success exactly 9`],
      `application-fee: ${BALANCE} > ${ACCOUNT} exactly 2`,
    ]);
  });

  it('books refunds, from what is pending first', () => {
    const refund = { ...M, refundId: 'r', orderId: 'o', amountMinor };
    expect(told('refund-request', { ...refund, from: 'merchant' })).toEqual([
      ...[ASK, `refund: ${PENDING} > refund:transit up-to 9`],
      `refund: ${AVAILABLE} > refund:transit rest 9`,
    ]);
    expect(told('refund-request', { ...refund, from: 'late-payment' })).toEqual([
      ...[ASK, 'refund: suspense:late-success > refund:transit exactly 9'],
    ]);
    const success = { ...refund, feeBackMinor: '1' };
    const STRAY = 'fact suspense:refund-success';
    expect(told('refund-success', { ...success, to: WALLET })).toEqual([
      ...[STRAY, 'refund: refund:transit > user:usr_a:wallet exactly 9'],
    ]);
    expect(told('refund-success', { ...success, to: OWN })).toEqual([
      ...[STRAY, `refund: refund:transit > ${BALANCE} exactly 9`],
    ]);
    expect(told('refund-success', { ...success, to: THEIRS })).toEqual([
      ...[STRAY, `refund: refund:transit > ${ACCOUNT} exactly 9`],
      `application-fee-back: ${ACCOUNT} > ${BALANCE} exactly 1`,
    ]);
    expect(told('refund-return', { ...refund, to: WALLET })).toEqual([
      ...[
        'fact suspense:refund-return',
        'refund-return: user:usr_a:wallet > refund:transit exactly 9',
      ],
    ]);
  });

  it('books disputes on the merchant, who may come to owe us, or on nobody', () => {
    const dispute = { ...M, ...STRIPE, disputeId: 'd', orderId: 'o', amountMinor };
    const FACT = 'fact suspense:dispute';
    expect(told('dispute-withdrawal', dispute)).toEqual([
      ...[FACT, `dispute: ${PENDING} > ${BALANCE} up-to 9`],
      ...[`dispute: ${AVAILABLE} > ${BALANCE} up-to 9`, `dispute: ${PENDING} > ${BALANCE} rest 9`],
    ]);
    expect(told('dispute-return', dispute)).toEqual([
      ...[FACT, `dispute-return: ${BALANCE} > ${PENDING} exactly 9`],
    ]);
    const nobodys = { ...dispute, merchantId: null };
    expect(told('dispute-withdrawal', nobodys)).toEqual([
      ...[FACT, `dispute: suspense:dispute > ${BALANCE} rest 9`],
    ]);
    expect(told('dispute-return', nobodys)).toEqual([
      ...[FACT, `dispute-return: ${BALANCE} > suspense:dispute exactly 9`],
    ]);
  });

  it('books what comes for a wallet', () => {
    const topUp = { ...STRIPE, topUpId: 't', userId: 'usr_a', amountMinor };
    expect(told('top-up', topUp)).toEqual([
      ...['fact suspense:top-up', `top-up: ${BALANCE} > user:usr_a:wallet exactly 9`],
    ]);
  });

  it('books settlements and payouts', () => {
    const payout = { ...M, payoutId: 'p', batchId: 'b', settlementId: 's', amountMinor };
    const paid = { ...payout, bank: 'main', bankLineId: 'l' };
    expect(told('settlement-close', payout)).toEqual([ASK, `close: ${PENDING} > ${AVAILABLE} all`]);
    expect(told('payout-approve', payout)).toEqual([
      ...[ASK, `payout: ${AVAILABLE} > ${PAYOUT} exactly 9`],
    ]);
    expect(told('payout-settle', paid)).toEqual([
      ...['fact suspense:payout-settle', `settle: ${PAYOUT} > bank:main exactly 9`],
    ]);
    const release = `release: ${PAYOUT} > ${AVAILABLE} exactly 9`;
    expect(told('payout-return', { ...paid, afterSettlement: false })).toEqual([
      ...['fact suspense:payout-return', release],
    ]);
    expect(told('payout-return', { ...paid, afterSettlement: true })).toEqual([
      ...['fact suspense:payout-return', `return: bank:main > ${PAYOUT} exactly 9`, release],
    ]);
  });

  it('books what the PSP takes, gives back and pays out', () => {
    const psp = { ...STRIPE, reference: 'x', payoutId: 'p', bank: 'main', amountMinor };
    expect(told('psp-fee', { ...psp, back: false })).toEqual([
      ...['fact suspense:psp-fee', `psp-fee: fees:psp > ${BALANCE} exactly 9`],
    ]);
    expect(told('psp-fee', { ...psp, back: true })).toEqual([
      ...['fact suspense:psp-fee', `psp-fee: ${BALANCE} > fees:psp exactly 9`],
    ]);
    const STRAY = 'fact suspense:psp-payout';
    expect(told('psp-payout', psp)).toEqual([
      ...[STRAY, `psp-payout: ${TRANSIT} > ${BALANCE} exactly 9`],
    ]);
    expect(told('psp-payout-failure', psp)).toEqual([
      ...[STRAY, `psp-payout-failure: ${BALANCE} > ${TRANSIT} exactly 9`],
    ]);
    expect(told('psp-payout-arrival', psp)).toEqual([
      ...[STRAY, `arrival: bank:main > ${TRANSIT} exactly 9`],
    ]);
    expect(told('psp-payout-arrival', { ...psp, back: true })).toEqual([
      ...[STRAY, `arrival-taken-back: ${TRANSIT} > bank:main exactly 9`],
    ]);
    expect(told('psp-merchant-payout', { ...psp, ...M })).toEqual([
      ...[STRAY, `psp-merchant-payout: ${AVAILABLE} > ${ACCOUNT} up-to 9`],
      `psp-merchant-payout: ${PENDING} > ${ACCOUNT} rest 9`,
    ]);
    expect(told('psp-merchant-payout-failure', { ...psp, ...M })).toEqual([
      ...[STRAY, `psp-merchant-payout-failure: ${ACCOUNT} > ${AVAILABLE} exactly 9`],
    ]);
  });

  it('books bank lines that nobody expected, and back when they are placed', () => {
    const line = { bank: 'main', bankLineId: 'l', amountMinor };
    const STRAY = 'fact suspense:bank-line';
    const into = 'bank:main > suspense:bank-line exactly 9';
    const out = 'suspense:bank-line > bank:main exactly 9';
    expect(told('bank-line-unplaced', { ...line, direction: 'in' })).toEqual([
      ...[STRAY, `unplaced: ${into}`],
    ]);
    expect(told('bank-line-unplaced', { ...line, direction: 'out' })).toEqual([
      ...[STRAY, `unplaced: ${out}`],
    ]);
    expect(told('bank-line-placed', { ...line, direction: 'in' })).toEqual([
      ...[STRAY, `placed: ${out}`],
    ]);
    expect(told('bank-line-placed', { ...line, direction: 'out' })).toEqual([
      ...[STRAY, `placed: ${into}`],
    ]);
  });

  it('books what a line cost or brought us on the account of its reason', () => {
    const line = { reason: 'bank-fee', bankLineId: 'l', amountMinor };
    const STRAY = 'fact suspense:bank-line';
    expect(told('bank-line-written-off', { ...line, direction: 'out' })).toEqual([
      ...[STRAY, 'write-off: loss:bank-fee > suspense:bank-line exactly 9'],
    ]);
    expect(told('bank-line-written-off', { ...line, direction: 'in' })).toEqual([
      ...[STRAY, 'write-off: suspense:bank-line > loss:bank-fee exactly 9'],
    ]);
    const own = { ...line, reason: 'own-funds' };
    expect(told('bank-line-written-off', { ...own, direction: 'in' })).toEqual([
      ...[STRAY, 'write-off: suspense:bank-line > equity:operator exactly 9'],
    ]);
  });

  it('names every account that deciding may look at, suspense for a fact', () => {
    const top = { ...STRIPE, topUpId: 't', userId: 'usr_a', amountMinor };
    expect(accountsOf(postingFor('top-up', top))).toEqual([
      ...[BALANCE, 'user:usr_a:wallet', 'suspense:top-up'],
    ]);
    expect(accountsOf(postingFor('settlement-close', M))).toEqual([...[PENDING, AVAILABLE]]);
  });
});
