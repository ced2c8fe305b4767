import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { KEY, SandboxWorld } from './testing/sandbox-world.js';

let world: SandboxWorld;
let stripe: Stripe;
beforeAll(async () => {
  world = await SandboxWorld.open();
  const { hostname: host, port } = new URL(world.url);
  stripe = new Stripe(KEY, { host, port: Number(port), protocol: 'http', maxNetworkRetries: 0 });
});
afterAll(() => world.close());

function paid(card: string): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    ...{ amount: 1_000, currency: 'eur', confirm: true, payment_method: card },
    return_url: 'https://shop.test/',
  });
}

async function disputeOf({ id }: Stripe.PaymentIntent): Promise<Stripe.Dispute> {
  const { data } = await stripe.disputes.list({ payment_intent: id });
  const [dispute] = data;
  if (dispute === undefined) throw new Error('there is a dispute');
  return dispute;
}

async function disputed(card = 'pm_card_createDispute'): Promise<Stripe.Dispute> {
  return disputeOf(await paid(card));
}

async function held(): Promise<number> {
  const { available, pending } = await stripe.balance.retrieve();
  return [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0);
}

function moneyOf(dispute: Stripe.Dispute): readonly (readonly [number, number, string])[] {
  return dispute.balance_transactions.map(({ amount, fee, reporting_category: category }) => [
    ...([amount, fee, category] as const),
  ]);
}

const TAKEN = [-1_000, 2_000, 'dispute'];
const GIVEN_BACK = [1_000, 0, 'dispute_reversal'];

describe('a dispute', () => {
  it('takes the payment and a fee, and all of it is in the balance', async () => {
    const before = await held();
    const intent = await paid('pm_card_createDispute');
    const dispute = await disputeOf(intent);
    expect(dispute).toMatchObject({ status: 'needs_response', amount: 1_000 });
    expect(moneyOf(dispute)).toEqual([TAKEN]);
    expect(await held()).toBe(before + 1_000 - 40 - 1_000 - 2_000);
    const { data: charges } = await stripe.charges.list({ payment_intent: intent.id });
    expect(charges).toMatchObject([{ disputed: true }]);
    const { data } = await stripe.balanceTransactions.list({ source: dispute.id });
    expect(data).toMatchObject([{ type: 'adjustment', net: -3_000 }]);
    await world.told(dispute.id, 'charge.dispute.created');
    await world.told(dispute.id, 'charge.dispute.funds_withdrawn');
  });

  it.each([
    ['won', 'winning_evidence', [TAKEN, GIVEN_BACK]],
    ['lost', 'losing_evidence', [TAKEN]],
  ] as const)('is %s by evidence that says so', async (status, text, money) => {
    const { id } = await disputed();
    const ended = await stripe.disputes.update(id, { evidence: { uncategorized_text: text } });
    expect(ended.status).toBe(status);
    expect(moneyOf(ended)).toEqual(money);
    expect(await stripe.disputes.retrieve(id)).toMatchObject({ status });
    await world.told(id, 'charge.dispute.closed');
    if (status === 'won') await world.told(id, 'charge.dispute.funds_reinstated');
  });

  it('waits under review for whatever other evidence, and is then decided', async () => {
    const { id } = await disputed('pm_card_createDisputeProductNotReceived');
    const staged = await stripe.disputes.update(id, {
      ...{ evidence: { shipping_carrier: 'PostNL' }, submit: false },
    });
    expect(staged.status).toBe('needs_response');
    expect(staged.evidence_details).toMatchObject({ has_evidence: true, submission_count: 0 });
    const sent = await stripe.disputes.update(id, { evidence: { uncategorized_text: 'it came' } });
    expect(sent).toMatchObject({ status: 'under_review', reason: 'product_not_received' });
    expect(sent.evidence.shipping_carrier).toBe('PostNL');
    expect((await world.behind(`/_test/disputes/${id}/won`, {})).status).toBe(200);
    await world.behind(`/_test/disputes/${id}/won`, {});
    expect(moneyOf(await stripe.disputes.retrieve(id))).toEqual([TAKEN, GIVEN_BACK]);
  });

  it('that we close is lost for ever', async () => {
    const { id } = await disputed();
    expect(await stripe.disputes.close(id)).toMatchObject({ status: 'lost' });
    await expect(stripe.disputes.close(id)).rejects.toMatchObject({ statusCode: 400 });
    await world.behind(`/_test/disputes/${id}/won`, {});
    expect(moneyOf(await stripe.disputes.retrieve(id))).toEqual([TAKEN]);
  });

  it('that is only asked about takes no money until it becomes one', async () => {
    const [kept, taken] = [
      await disputed('pm_card_createDisputeInquiry'),
      await disputed('pm_card_createDisputeInquiry'),
    ];
    expect(kept).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] });
    await world.behind(`/_test/disputes/${kept.id}/won`, {});
    expect(await stripe.disputes.retrieve(kept.id)).toMatchObject({ status: 'warning_closed' });
    await world.behind(`/_test/disputes/${taken.id}/lost`, {});
    expect(moneyOf(await stripe.disputes.retrieve(taken.id))).toEqual([TAKEN]);
  });

  it('leaves nothing to give back, until it is won', async () => {
    const intent = await paid('pm_card_createDispute');
    const refund = { payment_intent: intent.id };
    await expect(stripe.refunds.create(refund)).rejects.toMatchObject({ code: 'charge_disputed' });
    const { id } = await disputeOf(intent);
    await stripe.disputes.update(id, { evidence: { uncategorized_text: 'winning_evidence' } });
    expect(await stripe.refunds.create(refund)).toMatchObject({ status: 'succeeded' });
  });

  it('can come over any payment, of what was not given back, once', async () => {
    const { id } = await paid('pm_card_visa');
    await stripe.refunds.create({ payment_intent: id, amount: 300 });
    const door = `/_test/payment_intents/${id}/disputes`;
    expect((await world.behind(door, { reason: 'duplicate' })).status).toBe(200);
    expect((await world.behind(door, {})).status).toBe(400);
    const { data } = await stripe.disputes.list({ payment_intent: id, expand: ['data.charge'] });
    expect(data).toMatchObject([
      { amount: 700, reason: 'duplicate', charge: { object: 'charge', disputed: true } },
    ]);
  });
});
