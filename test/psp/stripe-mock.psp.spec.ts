import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import { SystemClock } from '@stuiver/ports';
import { StripeAccount, StripeConnect, StripePayIn } from '@stuiver/psp-stripe';
import { StripeMock } from '../support/stripe-mock.js';

/*
 * Stripe's own mock refuses what its API would refuse: an address that is not there, a parameter that nobody knows, a
 * value of the wrong shape. Its answers are examples (in dollars), so only whether it accepted counts here.
 */

const euros = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');
const PAYMENT = {
  ...{ amount: euros(1_000n), description: 'Koffie', returnUrl: 'https://host.test/return' },
} as const;
const TO_MERCHANT = { account: 'acct_1', applicationFee: euros(19n) };

interface World {
  readonly payIn: StripePayIn;
  readonly account: StripeAccount;
  readonly connect: StripeConnect;
}

const CALLS: readonly (readonly [string, (world: World) => Promise<unknown>, readonly string[]])[] =
  [
    [
      'open a payment by iDEAL',
      ({ payIn }) =>
        payIn.openPayment({
          ...{ ...PAYMENT, method: 'ideal', destination: null },
          ...{ reference: 'att_1', idempotencyKey: 'att_1' },
        }),
      ['POST /v1/payment_intents'],
    ],
    [
      'open a payment by card to a merchant’s account',
      ({ payIn }) =>
        payIn.openPayment({
          ...{ ...PAYMENT, method: 'card', cardToken: 'pm_card_visa', destination: TO_MERCHANT },
          ...{ reference: 'att_2', idempotencyKey: 'att_2' },
        }),
      ['POST /v1/payment_intents'],
    ],
    [
      'open a payment by card for Stripe’s own fields',
      ({ payIn }) =>
        payIn.openPayment({
          ...{ ...PAYMENT, method: 'card', destination: null },
          ...{ reference: 'att_3', idempotencyKey: 'att_3' },
        }),
      ['POST /v1/payment_intents'],
    ],
    [
      'find a payment',
      ({ payIn }) => payIn.findPayment({ pspReference: 'pi_1' }),
      ['GET /v1/payment_intents/pi_1'],
    ],
    [
      'find a payment by our reference',
      ({ payIn }) => payIn.findPayment({ reference: 'att_1' }),
      ['GET /v1/payment_intents/search', 'GET /v1/payment_intents/*'],
    ],
    [
      'set a card’s money aside',
      ({ payIn }) =>
        payIn.openPayment({
          ...{ ...PAYMENT, method: 'card', cardToken: 'pm_card_visa', capture: 'manual' },
          ...{ destination: null, reference: 'att_4', idempotencyKey: 'att_4' },
        }),
      ['POST /v1/payment_intents'],
    ],
    [
      'take what was set aside',
      ({ payIn }) =>
        payIn.capturePayment({
          ...{ pspReference: 'pi_1', amount: euros(5n), idempotencyKey: 'c' },
        }),
      ['POST /v1/payment_intents/pi_1/capture'],
    ],
    [
      'cancel a payment',
      ({ payIn }) => payIn.cancelPayment({ pspReference: 'pi_1', idempotencyKey: 'x' }),
      ['POST /v1/payment_intents/pi_1/cancel'],
    ],
    [
      'refund, out of the merchant’s account',
      ({ payIn }) =>
        payIn.refund({
          ...{ refundId: 'rfd_1', pspReference: 'pi_1', amount: euros(5n), idempotencyKey: 'r' },
          ...{ reverseTransfer: true, returnFee: true },
        }),
      ['POST /v1/refunds'],
    ],
    [
      'find a refund',
      ({ payIn }) => payIn.findRefund({ refundId: 'rfd_1', pspReference: 'pi_1' }),
      ['GET /v1/refunds'],
    ],
    ['find a dispute', ({ payIn }) => payIn.findDispute('du_1'), ['GET /v1/disputes/du_1']],
    [
      'look for new disputes',
      ({ payIn }) => payIn.disputesSince(new Date(1_790_000_000_000)),
      ['GET /v1/disputes'],
    ],
    [
      'read what changed the balance',
      ({ account }) => account.transactions({ after: 'txn_1', limit: 10 }),
      // The example is an application fee: whose payment it was is asked for.
      ['GET /v1/balance_transactions', 'GET /v1/charges/*'],
    ],
    ['read the balance', ({ account }) => account.balance(), ['GET /v1/balance']],
    [
      'pay out',
      ({ account }) =>
        account.payOut({ reference: 'ppo_1', amount: euros(5n), idempotencyKey: 'p' }),
      ['POST /v1/payouts'],
    ],
    ['find a payout', ({ account }) => account.findPayout('po_1'), ['GET /v1/payouts/po_1']],
    [
      'open a merchant’s account',
      ({ connect }) => connect.open({ merchantId: '1', name: 'Café', idempotencyKey: 'm' }),
      ['GET /v1/accounts', 'POST /v1/accounts'],
    ],
    [
      'ask how far an account is',
      ({ connect }) => connect.status('acct_1'),
      ['GET /v1/accounts/acct_1'],
    ],
    [
      'lead a merchant to its page',
      ({ connect }) =>
        connect.setupLink({
          account: 'acct_1',
          ...{ returnUrl: 'https://host.test/', refreshUrl: 'https://host.test/again' },
        }),
      ['POST /v1/account_links'],
    ],
  ];

describe('Stripe’s own mock accepts how we', () => {
  let mock: StripeMock;
  let world: World;

  beforeAll(async () => {
    mock = await StripeMock.start();
    const stripe = {
      ...{ secretKey: 'sk_test_1', webhookSecret: 'whsec_1', timeoutMs: 10_000 },
      ...{ apiBase: mock.url, clock: new SystemClock() },
    };
    world = {
      payIn: new StripePayIn(stripe),
      account: new StripeAccount(stripe),
      connect: new StripeConnect(stripe),
    };
  });
  afterAll(() => mock.stop());

  it.each(CALLS)('%s', async (_what, call, expected) => {
    const before = mock.exchanges.length;
    // What the example says in dollars our adapter rightly takes for broken.
    await call(world).catch(() => undefined);
    const asked = mock.exchanges.slice(before);
    expect(asked.filter(({ status }) => status >= 400)).toEqual([]);
    expect(asked).toHaveLength(expected.length);
    for (const [index, { call: path }] of asked.entries()) {
      expect(path).toMatch(new RegExp(`^${(expected[index] ?? '').replace('*', '.*')}$`));
    }
  });

  it('and would refuse what Stripe does not know', async () => {
    const answer = await fetch(new URL('/v1/refunds', mock.url), {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_1' },
      body: new URLSearchParams({ payment_intent: 'pi_1', no_such_parameter: '1' }),
    });
    expect(answer.status).toBe(400);
  });
});
