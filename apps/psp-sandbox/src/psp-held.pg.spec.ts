import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import type { PspTransaction } from '@stuiver/psp';
import { SystemClock } from '@stuiver/ports';
import { StripeAccount, StripeConnect } from '@stuiver/psp-stripe';
import { eventually } from '@stuiver/testing';
import { BankDesk } from './testing/bank-desk.js';
import { KEY, SandboxWorld, SECRET } from './testing/sandbox-world.js';

const MERCHANT = { merchantId: '1900000001', name: 'Café De Stuiver' };
let world: SandboxWorld;
let connect: StripeConnect;

beforeAll(async () => {
  world = await SandboxWorld.open();
  connect = new StripeConnect({
    ...{ secretKey: KEY, webhookSecret: SECRET, timeoutMs: 5_000, clock: new SystemClock() },
    apiBase: new URL(world.url),
  });
});
afterAll(async () => {
  await world.close();
});

function euros(minor: bigint): Money {
  return Money.ofMinor(minor, 'EUR');
}

/** All the PSP holds for the account, available or not, in cents. */
async function heldFor(account: string): Promise<number> {
  const headers = { authorization: `Bearer ${KEY}`, 'stripe-account': account };
  const answer = await fetch(`${world.url}/v1/balance`, { headers });
  const { available, pending } = (await answer.json()) as Record<string, { amount: number }[]>;
  return [...(available ?? []), ...(pending ?? [])].reduce((sum, { amount }) => sum + amount, 0);
}

/** The platform's own, once the sandbox says that nothing older is to come. */
async function platformTransactions(): Promise<readonly PspTransaction[]> {
  const platform = new StripeAccount({
    ...{ secretKey: KEY, webhookSecret: SECRET, timeoutMs: 5_000, clock: new SystemClock() },
    apiBase: new URL(world.url),
  });
  return eventually('the last refund is listed', async () => {
    const page = await platform.transactions({ after: null, limit: 100 });
    return page.some(({ reference }) => reference === 'rfd_one') ? page : undefined;
  });
}

async function changeAccount(account: string, fields: Record<string, string>): Promise<void> {
  const answer = await fetch(`${world.url}/v1/accounts/${account}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: new URLSearchParams(fields),
  });
  expect(answer.status).toBe(200);
}

describe('a merchant whose money the PSP holds', () => {
  it('has one account, however often and under whichever key it is asked for', async () => {
    const account = await connect.open({ ...MERCHANT, idempotencyKey: 'first' });
    expect(await connect.open({ ...MERCHANT, idempotencyKey: 'first' })).toBe(account);
    expect(await connect.open({ ...MERCHANT, idempotencyKey: 'a day later' })).toBe(account);
    const other = { merchantId: '1900000002', name: 'Another', idempotencyKey: 'second' };
    expect(await connect.open(other)).not.toBe(account);
  });

  it('gets each payment less our fee, and pays its refunds', async () => {
    const account = await connect.open({ ...MERCHANT, idempotencyKey: 'first' });
    const { pspReference } = await world.psp.openPayment({
      ...{ reference: 'att_held', idempotencyKey: 'att_held', amount: euros(1_000n) },
      ...{ method: 'card', cardToken: 'pm_card_visa', description: 'Coffee' },
      ...{ returnUrl: 'https://shop.test/', destination: { account, applicationFee: euros(19n) } },
    });
    expect(await heldFor(account)).toBe(981);

    const refund = { pspReference, reverseTransfer: true };
    const some = { ...refund, refundId: 'rfd_some', idempotencyKey: 'rfd_some', returnFee: false };
    await world.psp.refund({ ...some, amount: euros(400n) });
    expect(await heldFor(account)).toBe(581);
  });

  it('is followed to the cent: payments less our fee, refunds, and what the PSP paid out', async () => {
    const account = await connect.open({ ...MERCHANT, idempotencyKey: 'first' });
    await changeAccount(account, {
      'external_account[object]': 'bank_account',
      'external_account[country]': 'NL',
      'external_account[currency]': 'eur',
      'external_account[account_number]': 'NL91ABNA0417164300',
    });
    await new BankDesk(world).move({ advance_days: 10 });

    const [one] = (await connect.list()).filter(({ merchantId }) => merchantId === '1900000001');
    const seen = (await one?.transactions({ after: null, limit: 100 })) ?? [];
    expect(seen.map(({ kind, net }) => [kind, net.minor])).toEqual([
      ['payment', 981n],
      ['refund', -400n],
      ['payout', -581n],
    ]);
    expect(await heldFor(account)).toBe(0);
  });

  it('leaves on the platform only our fee, and each movement tells its payment', async () => {
    const account = await connect.open({ ...MERCHANT, idempotencyKey: 'first' });
    const { pspReference } = await world.psp.openPayment({
      ...{ reference: 'att_one', idempotencyKey: 'att_one', amount: euros(2_000n) },
      ...{ method: 'card', cardToken: 'pm_card_visa', description: 'Coffee' },
      ...{ returnUrl: 'https://shop.test/', destination: { account, applicationFee: euros(33n) } },
    });
    const refund = { pspReference, refundId: 'rfd_one', idempotencyKey: 'rfd_one' };
    const half = { amount: euros(1_000n), reverseTransfer: true, returnFee: true };
    await world.psp.refund({ ...refund, ...half });

    const moved = (await platformTransactions()).filter(
      ({ paymentReference }) => paymentReference === 'att_one',
    );
    expect(moved.map(({ kind, amount }) => [kind, amount.minor])).toEqual([
      ['payment', 2_000n],
      ['transfer', -2_000n],
      ['application-fee', 33n],
      ['refund', -1_000n],
      ['application-fee', -16n],
      ['transfer', 1_000n],
    ]);
  });

  it('has nothing of a payment that goes back whole with our fee', async () => {
    const account = await connect.open({ ...MERCHANT, idempotencyKey: 'first' });
    const before = await heldFor(account);
    const { pspReference } = await world.psp.openPayment({
      ...{ reference: 'att_late', idempotencyKey: 'att_late', amount: euros(700n) },
      ...{ method: 'card', cardToken: 'pm_card_visa', description: 'Coffee' },
      ...{ returnUrl: 'https://shop.test/', destination: { account, applicationFee: euros(14n) } },
    });
    const refund = { pspReference, refundId: 'rfd_late', idempotencyKey: 'rfd_late' };
    const whole = { amount: euros(700n), reverseTransfer: true, returnFee: true };
    await world.psp.refund({ ...refund, ...whole });
    expect(await heldFor(account)).toBe(before);
  });
});
