import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Stripe from 'stripe';
import { BankDesk } from './testing/bank-desk.js';
import { KEY, SandboxWorld } from './testing/sandbox-world.js';

const MERCHANT_IBAN = 'NL91ABNA0417164300';
const AVAILABLE_AT_ONCE = 'pm_card_bypassPending';
/** Hundreds of calls. */
const SEQUENCES_MS_MAX = 60_000;

let world: SandboxWorld;
let stripe: Stripe;
beforeAll(async () => {
  const accounts = [
    { iban: 'NL20INGB0001234567', name: 'Stuiver' },
    { iban: MERCHANT_IBAN, name: 'Cafe' },
  ];
  world = await SandboxWorld.open(1, { SANDBOX_BANK: JSON.stringify({ accounts }) });
  const { hostname: host, port } = new URL(world.url);
  stripe = new Stripe(KEY, { host, port: Number(port), protocol: 'http', maxNetworkRetries: 0 });
});
afterAll(() => world.close());

async function merchant(interval: 'daily' | 'manual' = 'manual'): Promise<string> {
  const { id } = await stripe.accounts.create({
    ...{ type: 'express', country: 'NL', email: 'cafe@example.nl' },
    capabilities: { transfers: { requested: true } },
    external_account: {
      ...{ object: 'bank_account', country: 'NL', currency: 'eur' },
      account_number: MERCHANT_IBAN,
    },
    settings: { payouts: { schedule: { interval } } },
  });
  return id;
}

/** Paid to the merchant, with a fee that the platform keeps. */
function sold(account: string, amount: number, fee?: number): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    ...{ amount, currency: 'eur', confirm: true, payment_method: AVAILABLE_AT_ONCE },
    ...{ on_behalf_of: account, transfer_data: { destination: account } },
    ...(fee === undefined ? {} : { application_fee_amount: fee }),
  });
}

/** What was not expanded is an id. */
function idOf(thing: unknown): string {
  if (typeof thing !== 'string') throw new Error('an id was expected');
  return thing;
}

async function available(account?: string): Promise<number> {
  const options = account === undefined ? {} : { stripeAccount: account };
  const balance = await stripe.balance.retrieve({}, options);
  return balance.available[0]?.amount ?? Number.NaN;
}

describe('a merchant’s account', () => {
  it('can be paid out once its bank account is known', async () => {
    const account = await stripe.accounts.create({ country: 'NL' });
    expect(account.requirements?.currently_due).toEqual(['external_account']);
    expect(account.payouts_enabled).toBe(false);
    const changed = await stripe.accounts.update(account.id, {
      external_account: {
        ...{ object: 'bank_account', country: 'NL', currency: 'eur' },
        account_number: MERCHANT_IBAN,
      },
    });
    expect(changed).toMatchObject({ payouts_enabled: true, external_accounts: { total_count: 1 } });
    expect(JSON.stringify(changed)).not.toContain(MERCHANT_IBAN);
  });

  it('is closed to who names one that is not there, and sees nothing of another', async () => {
    const [mine, other] = [await merchant(), await merchant()];
    const { id } = await sold(mine, 1_000);
    await expect(stripe.balance.retrieve({}, { stripeAccount: 'acct_none' })).rejects.toMatchObject(
      { statusCode: 403, code: 'account_invalid' },
    );
    const asOther = { stripeAccount: other };
    await expect(stripe.paymentIntents.retrieve(id, {}, asOther)).rejects.toMatchObject({
      code: 'resource_missing',
    });
    expect((await stripe.balanceTransactions.list({}, asOther)).data).toEqual([]);
  });
});

describe('a destination charge', () => {
  it('gives the merchant all but the fee, and the platform the fee less the PSP’s own', async () => {
    const account = await merchant();
    const before = await available();
    const intent = await sold(account, 10_000, 300);
    expect(await available(account)).toBe(9_700);
    expect(await available()).toBe(before + 300 - 175);
    const [payment] = (await stripe.balanceTransactions.list({}, { stripeAccount: account })).data;
    expect(payment).toMatchObject({ type: 'payment', amount: 10_000, fee: 300, net: 9_700 });
    expect(payment?.fee_details).toMatchObject([{ type: 'application_fee', amount: 300 }]);
    const charge = await stripe.charges.retrieve(idOf(intent.latest_charge));
    const transfer = await stripe.transfers.retrieve(idOf(charge.transfer));
    expect(transfer).toMatchObject({ amount: 10_000, destination: account, reversed: false });
  });

  it.each([
    ['an account that is not there', { transfer_data: { destination: 'acct_none' } }],
    ['a fee and no destination', { application_fee_amount: 5 }],
  ])('with %s is refused', async (_what, wrong) => {
    const wanted = { amount: 1_000, currency: 'eur', ...wrong };
    await expect(stripe.paymentIntents.create(wanted)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('refunded with its transfer takes each share back in proportion, and all of it in the end', async () => {
    const account = await merchant();
    const before = await available();
    const { id } = await sold(account, 1_000, 99);
    const parts = [333, 333, 334];
    for (const amount of parts) {
      const refund = await stripe.refunds.create({
        ...{ payment_intent: id, amount, reverse_transfer: true, refund_application_fee: true },
      });
      expect(refund.transfer_reversal).toEqual(expect.stringMatching(/^trr_/));
    }
    expect(await available(account)).toBe(0);
    expect(await available()).toBe(before - 40);
  });

  it('refunded without its transfer is paid for by the platform', async () => {
    const account = await merchant();
    const { id } = await sold(account, 1_000);
    const before = await available();
    await stripe.refunds.create({ payment_intent: id });
    expect(await available(account)).toBe(1_000);
    expect(await available()).toBe(before - 1_000);
  });
});

describe('a transfer', () => {
  it('moves what is available, can be reversed, and no more than once', async () => {
    const account = await merchant();
    await stripe.paymentIntents.create({
      ...{ amount: 5_000, currency: 'eur', confirm: true, payment_method: AVAILABLE_AT_ONCE },
    });
    const before = await available();
    const wanted = { amount: 2_000, currency: 'eur', destination: account };
    const transfer = await stripe.transfers.create(wanted);
    expect(await available(account)).toBe(2_000);
    await stripe.transfers.createReversal(transfer.id, { amount: 500 });
    await stripe.transfers.createReversal(transfer.id);
    expect(await available()).toBe(before);
    await expect(stripe.transfers.createReversal(transfer.id)).rejects.toMatchObject({
      statusCode: 400,
    });
    const tooMuch = stripe.transfers.create({ ...wanted, amount: before + 1 });
    await expect(tooMuch).rejects.toMatchObject({ code: 'balance_insufficient' });
  });
});

describe('a merchant’s payout', () => {
  it('arrives at the merchant’s own bank account, by hand or every day', async () => {
    const bank = new BankDesk(world, MERCHANT_IBAN);
    const [byHand, daily] = [await merchant(), await merchant('daily')];
    await sold(byHand, 1_000);
    await sold(daily, 2_000, 50);
    const made = await stripe.payouts.create(
      { amount: 400, currency: 'eur' },
      { stripeAccount: byHand },
    );
    await bank.move({ advance_days: 7 });
    const paid = await stripe.payouts.retrieve(made.id, {}, { stripeAccount: byHand });
    expect(paid.status).toBe('paid');
    const [automatic] = (await stripe.payouts.list({}, { stripeAccount: daily })).data;
    expect(automatic).toMatchObject({ automatic: true, amount: 1_950, status: 'paid' });
    const booked = (await bank.statements()).flatMap(({ entries }) => entries);
    expect(booked.map(({ amount }) => amount.minor).sort()).toEqual([1_950n, 400n]);
    expect(await available(byHand)).toBe(600);
  });

  it('is no other account’s under the same idempotency key', async () => {
    const [one, two] = [await merchant(), await merchant()];
    await sold(one, 1_000);
    await sold(two, 1_000);
    const payOut = (stripeAccount: string): Promise<Stripe.Payout> =>
      stripe.payouts.create(
        { amount: 100, currency: 'eur' },
        { stripeAccount, idempotencyKey: 'the-same' },
      );
    const first = await payOut(one);
    expect((await payOut(two)).id).not.toBe(first.id);
    expect((await payOut(one)).id).toBe(first.id);
  });

  it('is told to who listens to connected accounts, with the account’s name, and to nobody else', async () => {
    const account = await merchant();
    await sold(account, 1_000);
    const payout = await stripe.payouts.create(
      { amount: 100, currency: 'eur' },
      { stripeAccount: account },
    );
    const events = await stripe.events.list({ type: 'payout.created' }, { stripeAccount: account });
    expect(events.data[0]).toMatchObject({ account, data: { object: { id: payout.id } } });
    const mine = await stripe.paymentIntents.create({
      ...{ amount: 500, currency: 'eur', confirm: true, payment_method: AVAILABLE_AT_ONCE },
    });
    await world.told(mine.id, 'payment_intent.succeeded');
    const [listener] = world.listeners;
    expect(listener?.about(payout.id, 'payout.created')).toEqual([]);
  });
});

describe('the books of all accounts together', () => {
  it(
    'hold what came in less what the PSP took and what went out',
    async () => {
      const sale = fc.record({
        amount: fc.integer({ min: 50, max: 90_000 }),
        fee: fc.integer({ min: 1, max: 49 }),
        refund: fc.option(fc.integer({ min: 1, max: 90_000 })),
        reverse: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 4 }), async (sales) => {
          const account = await merchant();
          const before = await available();
          let expected = 0;
          for (const { amount, fee, refund, reverse } of sales) {
            const { id } = await sold(account, amount, fee);
            expected += amount - Math.floor((amount * 150 + 5_000) / 10_000) - 25;
            if (refund === null || refund > amount) continue;
            await stripe.refunds.create({
              ...{ payment_intent: id, amount: refund, reverse_transfer: reverse },
              refund_application_fee: reverse,
            });
            expected -= refund;
          }
          expect((await available()) - before + (await available(account))).toBe(expected);
        }),
        { numRuns: 10, verbose: fc.VerbosityLevel.Verbose },
      );
    },
    SEQUENCES_MS_MAX,
  );
});
