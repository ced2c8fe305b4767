import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { OpenApi } from '../support/openapi.js';
import { stripeOpenApi } from '../support/stripe-mock.js';

/*
 * The sandbox is asked by Stripe's official client as a shop and its platform would, and whatever it answers is held
 * against the description of Stripe's API.
 */

const START_MS_MAX = 120_000;
const IBAN = 'NL91ABNA0417164300';

interface Answer {
  readonly call: string;
  readonly objections: readonly string[];
}

describe('every answer of the sandbox', () => {
  let stuiver: RunningStuiver;
  let stripe: Stripe;
  const answers: Answer[] = [];

  beforeAll(async () => {
    stuiver = await startStuiver();
    const api = new OpenApi(await stripeOpenApi());
    const { hostname, port } = new URL(stuiver.sandboxUrl);
    stripe = new Stripe('sk_test_stuiver', {
      ...{ host: hostname, port: Number(port), protocol: 'http', maxNetworkRetries: 0 },
      httpClient: Stripe.createFetchHttpClient(
        async (url: string | URL | Request, init?: RequestInit) => {
          const answer = await fetch(url, init);
          const path = new URL(url instanceof Request ? url.url : url).pathname;
          const method = init?.method ?? 'GET';
          const body: unknown = await answer.clone().json();
          const call = { method, path, status: answer.status };
          answers.push({
            call: `${method} ${path} ${String(answer.status)}`,
            objections: api.objections(call, body),
          });
          return answer;
        },
      ),
    });
  }, START_MS_MAX);
  afterAll(() => stuiver.dispose(), START_MS_MAX);

  it('about payments, as they succeed, redirect, fail and end', async () => {
    const card = await stripe.paymentIntents.create({
      ...{ amount: 1_000, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' },
      ...{ return_url: 'https://shop.test/', allowed_payment_method_types: ['card'] },
    });
    const ideal = await stripe.paymentIntents.create({
      ...{ amount: 700, currency: 'eur', confirm: true, return_url: 'https://shop.test/' },
      ...{ payment_method_data: { type: 'ideal' }, allowed_payment_method_types: ['ideal'] },
    });
    await stripe.paymentIntents.retrieve(card.id);
    await stripe.paymentIntents.update(ideal.id, { metadata: { order: '1' } });
    await stripe.paymentIntents.cancel(ideal.id);
    await stripe.paymentIntents.list({ limit: 3 });
    await stripe.charges.retrieve(idOf(card.latest_charge));
    await stripe.charges.list({ payment_intent: card.id });
    await stripe.paymentMethods.retrieve(idOf(card.payment_method));
    const declined = stripe.paymentIntents.create({
      ...{ amount: 100, currency: 'eur', confirm: true, return_url: 'https://shop.test/' },
      payment_method: 'pm_card_chargeDeclined',
    });
    await expect(declined).rejects.toMatchObject({ statusCode: 402 });
    await expect(stripe.paymentIntents.retrieve('pi_none')).rejects.toMatchObject({
      statusCode: 404,
    });
    await stripe.refunds.create({ payment_intent: card.id, amount: 300 });
    await stripe.refunds.list({ payment_intent: card.id });
    expectDescribed();
  });

  it('about the balance, payouts and events', async () => {
    await stripe.balance.retrieve();
    const page = await stripe.balanceTransactions.list({ limit: 5, expand: ['data.source'] });
    await stripe.balanceTransactions.retrieve(page.data[0]?.id ?? '');
    await expect(stripe.payouts.create({ amount: 99_999_999, currency: 'eur' })).rejects.toThrow();
    await stuiver.cli('bank', 'day', '6');
    const payout = await stripe.payouts.create({ amount: 500, currency: 'eur' });
    await stripe.payouts.retrieve(payout.id);
    await stripe.payouts.list({ limit: 3 });
    await stripe.payouts.cancel(payout.id);
    const events = await stripe.events.list({ limit: 5 });
    await stripe.events.retrieve(events.data[0]?.id ?? '');
    expectDescribed();
  });

  it('about disputes, of every kind and as they end', async () => {
    const open = async (card: string): Promise<Stripe.Dispute> => {
      const { id } = await stripe.paymentIntents.create({
        ...{ amount: 900, currency: 'eur', confirm: true, payment_method: card },
        return_url: 'https://shop.test/',
      });
      const { data } = await stripe.disputes.list({ payment_intent: id });
      return stripe.disputes.retrieve(data[0]?.id ?? '', { expand: ['charge'] });
    };
    const won = await open('pm_card_createDispute');
    await stripe.disputes.update(won.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    const lost = await open('pm_card_createDisputeProductNotReceived');
    await stripe.disputes.update(lost.id, { evidence: { customer_name: 'J. Jansen' } });
    await stripe.disputes.close(lost.id);
    await stripe.disputes.close((await open('pm_card_createDisputeInquiry')).id);
    await stripe.balanceTransactions.list({ type: 'adjustment', expand: ['data.source'] });
    expectDescribed();
  });

  it('about merchants’ accounts, what goes to them and comes back', async () => {
    const account = await stripe.accounts.create({
      ...{ type: 'express', country: 'NL', business_profile: { name: 'Café' } },
      capabilities: { transfers: { requested: true } },
    });
    await stripe.accountLinks.create({
      ...{ account: account.id, type: 'account_onboarding' },
      ...{ return_url: 'https://shop.test/', refresh_url: 'https://shop.test/again' },
    });
    await stripe.accounts.update(account.id, {
      external_account: {
        ...{ object: 'bank_account', country: 'NL', currency: 'eur', account_number: IBAN },
      },
    });
    const paid = await stripe.paymentIntents.create({
      ...{ amount: 2_000, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' },
      ...{ return_url: 'https://shop.test/', application_fee_amount: 33 },
      ...{ transfer_data: { destination: account.id }, transfer_group: 'att_1' },
    });
    const charge = await stripe.charges.retrieve(idOf(paid.latest_charge));
    await stripe.applicationFees.retrieve(idOf(charge.application_fee));
    const transfer = await stripe.transfers.retrieve(idOf(charge.transfer));
    await stripe.transfers.createReversal(transfer.id, { amount: 100 });
    await stripe.transfers.list({ destination: account.id });
    await stripe.accounts.retrieve(account.id);
    await stripe.accounts.list({ limit: 2 });
    await stripe.balance.retrieve({}, { stripeAccount: account.id });
    expectDescribed();
  });

  function expectDescribed(): void {
    const wrong = answers.splice(0).filter(({ objections }) => objections.length > 0);
    expect(wrong).toEqual([]);
  }
});

function idOf(thing: string | { readonly id: string } | null | undefined): string {
  return typeof thing === 'string' ? thing : (thing?.id ?? '');
}
