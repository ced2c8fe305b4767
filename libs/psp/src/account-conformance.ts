import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import { PspUnknownOutcome } from './pay-in.js';
import type { PspAccount, PspPayoutState, PspTransaction } from './pay-out.js';

/** A PSP account together with what a test needs to do behind its back. */
export interface PspAccountWorld {
  readonly account: PspAccount;
  /** A payment of this amount, available at once. @returns the PSP's own id of it. */
  earn(amount: Money, reference: string): Promise<string>;
  /** Gives so much of a payment back. @returns the PSP's own id of the refund. */
  giveBack(pspReference: string, amount: Money, refundId: string): Promise<string>;
  /** So much time that every payout arrives and everything made is settled. */
  letTimePass(): Promise<void>;
  /** The receiving bank sends a payout back, whatever its state. */
  failPayout(pspPayoutId: string): Promise<void>;
  /** The next writing call does its work; its answer never arrives. */
  loseNextAnswer(): Promise<void>;
  /** The next call is answered "too many requests", and nothing is done. */
  throttleNext(): Promise<void>;
  /** The PSP's own signed message about this payout. */
  messageAbout(
    payout: PspPayoutState,
  ): Promise<{ readonly rawBody: Uint8Array; readonly signature: string }>;
}

export interface PspAccountFact {
  readonly name: string;
  readonly prove: (world: PspAccountWorld) => Promise<void>;
}

/** What every adapter of `PspAccount` must do; used like `PAY_IN_FACTS`. */
export const PSP_ACCOUNT_FACTS: readonly PspAccountFact[] = [
  { name: 'gives every transaction once and oldest first, in pages of any size', prove: pages },
  { name: 'has a balance that is the sum of all nets, each amount less its fee', prove: addsUp },
  { name: 'names the payment and the refund behind a transaction', prove: namesBehind },
  { name: 'pays out once per key, and the balance falls by it', prove: paysOutOnce },
  { name: 'refuses to pay out more than is available', prove: refusesTooMuch },
  { name: 'says that the outcome is unknown when the answer is lost', prove: losesAnswer },
  { name: 'says that the outcome is unknown when it is asked too often', prove: isThrottled },
  { name: 'finds a payout on its way and arrived, and says when there is none', prove: arrives },
  { name: 'tells of a payout that failed after it was paid, and of its money', prove: failsLate },
  { name: 'reads the PSP’s message about a payout', prove: readsMessage },
  { name: 'refuses a message that was changed or signed by another', prove: refusesForgery },
];

const EARNED = euros(10_000n);
const PAGES_MAX = 1_000;

function euros(minor: bigint): Money {
  return Money.ofMinor(minor, 'EUR');
}

async function everything(account: PspAccount, limit: number): Promise<readonly PspTransaction[]> {
  const all: PspTransaction[] = [];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await account.transactions({ after: all.at(-1)?.id ?? null, limit });
    assert.ok(found.length <= limit, 'a page is no longer than was asked for');
    if (found.length === 0) return all;
    all.push(...found);
  }
  throw new Error('the pages do not end');
}

function newReference(): string {
  return `pyo_${randomUUID()}`;
}

async function earned(world: PspAccountWorld): Promise<void> {
  await world.earn(EARNED, `att_${randomUUID()}`);
}

async function payOut(world: PspAccountWorld, minor: bigint): Promise<PspPayoutState> {
  const reference = newReference();
  return world.account.payOut({ reference, amount: euros(minor), idempotencyKey: reference });
}

async function pages(world: PspAccountWorld): Promise<void> {
  for (let count = 0; count < 5; count += 1) await earned(world);
  await world.letTimePass();
  const all = await everything(world.account, 100);
  const ids = all.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'none comes twice');
  const times = all.map(({ createdAt }) => createdAt.getTime());
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  for (const limit of [1, 2, 3]) {
    assert.deepEqual(
      (await everything(world.account, limit)).map(({ id }) => id),
      ids,
    );
  }
  await earned(world);
  await world.letTimePass();
  const newer = await world.account.transactions({ after: ids.at(-1) ?? null, limit: 10 });
  assert.deepEqual(
    newer.map(({ kind }) => kind),
    ['payment'],
  );
}

async function addsUp(world: PspAccountWorld): Promise<void> {
  await earned(world);
  await payOut(world, 100n);
  await world.letTimePass();
  const all = await everything(world.account, 100);
  for (const { amount, fee, net } of all) assert.equal(net.minor, amount.minor - fee.minor);
  const { available, pending } = await world.account.balance();
  const sum = all.reduce((total, { net }) => total.plus(net), euros(0n));
  assert.equal(available.plus(pending).minor, sum.minor);
}

async function namesBehind(world: PspAccountWorld): Promise<void> {
  const [attempt, refundId] = [`att_${randomUUID()}`, `ref_${randomUUID()}`];
  const payment = await world.earn(EARNED, attempt);
  const refund = await world.giveBack(payment, euros(400n), refundId);
  const payout = await payOut(world, 500n);
  await world.letTimePass();
  const all = await everything(world.account, 100);
  const about = (id: string): readonly unknown[] =>
    all
      .filter(({ pspReference }) => pspReference === id)
      .map(({ kind, reference, amount }) => [kind, reference, amount.minor]);
  assert.deepEqual(about(payment), [['payment', attempt, EARNED.minor]]);
  assert.deepEqual(about(refund), [['refund', refundId, -400n]]);
  assert.equal(about(payout.id).length, 1);
}

async function paysOutOnce(world: PspAccountWorld): Promise<void> {
  await earned(world);
  const before = await world.account.balance();
  const reference = newReference();
  const request = { reference, amount: euros(1_234n), idempotencyKey: reference };
  const first = await world.account.payOut(request);
  assert.deepEqual(await world.account.payOut(request), first);
  assert.equal(first.amount.minor, 1_234n);
  assert.match(first.arrivesOn, /^\d{4}-\d{2}-\d{2}$/);
  const after = await world.account.balance();
  assert.equal(before.available.minus(after.available).minor, 1_234n);
}

async function refusesTooMuch(world: PspAccountWorld): Promise<void> {
  const { available } = await world.account.balance();
  const refusal = (error: unknown): boolean =>
    error instanceof Refusal && error.code === 'PSP_REFUSED';
  await assert.rejects(payOut(world, available.minor + 1n), refusal);
  assert.equal((await world.account.balance()).available.minor, available.minor);
}

async function losesAnswer(world: PspAccountWorld): Promise<void> {
  await earned(world);
  const before = await world.account.balance();
  const reference = newReference();
  const request = { reference, amount: euros(100n), idempotencyKey: reference };
  await world.loseNextAnswer();
  await assert.rejects(world.account.payOut(request), PspUnknownOutcome);
  const found = await world.account.payOut(request);
  assert.equal((await world.account.findPayout(found.id))?.id, found.id);
  const after = await world.account.balance();
  assert.equal(before.available.minus(after.available).minor, 100n);
}

async function isThrottled(world: PspAccountWorld): Promise<void> {
  await earned(world);
  const before = await world.account.balance();
  await world.throttleNext();
  await assert.rejects(payOut(world, 100n), PspUnknownOutcome);
  assert.equal((await world.account.balance()).available.minor, before.available.minor);
  await world.throttleNext();
  await assert.rejects(world.account.transactions({ after: null, limit: 1 }), PspUnknownOutcome);
}

async function arrives(world: PspAccountWorld): Promise<void> {
  await earned(world);
  const payout = await payOut(world, 300n);
  assert.equal(payout.state, 'pending');
  await world.letTimePass();
  const found = await world.account.findPayout(payout.id);
  assert.equal(found?.state, 'paid');
  assert.equal(found.failure, null);
  assert.equal(await world.account.findPayout('po_nobody'), undefined);
}

async function failsLate(world: PspAccountWorld): Promise<void> {
  await earned(world);
  const payout = await payOut(world, 700n);
  await world.letTimePass();
  const before = await world.account.balance();
  await world.failPayout(payout.id);
  const failed = await world.account.findPayout(payout.id);
  assert.equal(failed?.state, 'failed');
  assert.notEqual(failed.failure, null);
  const after = await world.account.balance();
  assert.equal(after.available.minus(before.available).minor, 700n);
  await world.letTimePass();
  const kinds = (await everything(world.account, 100))
    .filter(({ pspReference }) => pspReference === payout.id)
    .map(({ kind, amount }) => [kind, amount.minor]);
  assert.deepEqual(kinds, [
    ['payout', -700n],
    ['payout-failure', 700n],
  ]);
}

async function readsMessage(world: PspAccountWorld): Promise<void> {
  await earned(world);
  const message = await world.messageAbout(await payOut(world, 100n));
  const read = world.account.readWebhook(message);
  assert.equal(read.concernsBalance, true);
  assert.notEqual(read.pspEventId, '');
  assert.deepEqual(world.account.readWebhook(message), read);
}

async function refusesForgery(world: PspAccountWorld): Promise<void> {
  await earned(world);
  const { rawBody, signature } = await world.messageAbout(await payOut(world, 100n));
  const forged = (error: unknown): boolean =>
    error instanceof Refusal && error.code === 'PSP_SIGNATURE_WRONG';
  const changed = Buffer.from(rawBody).fill('x', 10, 11);
  assert.throws(() => world.account.readWebhook({ rawBody: changed, signature }), forged);
  const other = signature.replace(/v1=./, (part) => (part.endsWith('0') ? 'v1=1' : 'v1=0'));
  assert.throws(() => world.account.readWebhook({ rawBody, signature: other }), forged);
}
