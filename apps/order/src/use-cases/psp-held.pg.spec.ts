import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import { FakeConnect } from '@stuiver/testing';
import { MCHID, OrderWorld, refusalOf } from '../testing/order-world.js';

const ACCT = `psp:stripe:acct:${MCHID}`;
const connect = new FakeConnect();
let world: OrderWorld;
let userId: string;

beforeAll(async () => {
  world = await OrderWorld.open();
  world.holdAtPsp(connect);
  ({ userId } = await world.payer(0n));
});
afterAll(async () => {
  await world.close();
});

async function pay(): Promise<{ attemptId: string; outTradeNo: string }> {
  const { attemptId, request } = await world.sheet(userId);
  await world.confirm(attemptId, userId, 'ideal');
  world.psp.settle(attemptId, 'succeeded');
  await world.parts.resolveAttempt.run(attemptId);
  return { attemptId, outTradeNo: request.outTradeNo };
}

describe('where the PSP holds the merchants’ money', () => {
  it('a merchant without an account is not paid until the PSP says which it is, and has one only', async () => {
    const { attemptId } = await world.sheet(userId);
    connect.loseAnswers(1);
    expect(await refusalOf(world.confirm(attemptId, userId, 'ideal'))).toBe('PSP_UNREACHABLE');
    expect((await world.parts.findAttempt.run({ attemptId, userId })).state).toBe('created');

    await world.confirm(attemptId, userId, 'ideal');
    expect([...connect.accounts]).toEqual([[MCHID, 'acct_1']]);
    expect(world.psp.asked.get(attemptId)?.destination).toMatchObject({ account: 'acct_1' });
  });

  it('a payment goes to the merchant’s account less the fee, and a refund comes out of it', async () => {
    const before = world.ledger.balanceOf(ACCT);
    const { attemptId, outTradeNo } = await pay();
    const fee = world.psp.asked.get(attemptId)?.destination?.applicationFee;
    expect(fee?.minor).toBe(19n);

    const refund = await world.parts.requestRefund.run({
      ...{ mchid: MCHID, by: { outTradeNo }, outRefundNo: `refund-${outTradeNo}` },
      ...{ amountMinor: 400n, totalMinor: 1_000n, currency: 'EUR', reason: null },
      ...{ notifyUrl: null, fundsAccount: null },
    });
    await world.settle();
    expect(world.psp.refunds.get(refund.id)).toMatchObject({
      ...{ state: 'succeeded', reverseTransfer: true, returnFee: false },
    });
    const paid = world.ledger.posted.find(
      (command) => command.kind === 'payment' && command.attemptId === attemptId,
    );
    expect(paid).toMatchObject({ funds: { account: MCHID }, feeMinor: '19' });
    // The fake ledger counts debits down, and knows no fees.
    expect(before - world.ledger.balanceOf(ACCT)).toBe(600n);
  });

  it('money that the order cannot take goes back with our fee', async () => {
    const { attemptId } = await world.sheet(userId);
    await world.confirm(attemptId, userId, 'ideal');
    world.psp.changeAmount(attemptId, Money.ofMinor(700n, 'EUR'));
    world.psp.settle(attemptId, 'succeeded');
    await world.parts.resolveAttempt.run(attemptId);
    await world.settle();

    const late = world.ledger.posted.find(
      (command) => command.kind === 'late-payment' && command.attemptId === attemptId,
    );
    expect(late).toMatchObject({ account: MCHID, applicationFeeMinor: '19' });
    const back = [...world.psp.refunds.values()].filter(({ returnFee }) => returnFee);
    expect(back).toMatchObject([{ reverseTransfer: true, state: 'succeeded' }]);
    const booked = world.ledger.posted.find(
      (command) => command.kind === 'refund-success' && command.refundId === back[0]?.refundId,
    );
    expect(booked).toMatchObject({ to: { account: MCHID }, feeBackMinor: '19' });
  });

  it('a wallet has no balance: none to pay from and none to top up', async () => {
    const { attemptId } = await world.sheet(userId);
    expect(await refusalOf(world.confirm(attemptId, userId, 'wallet'))).toBe('NOT_OFFERED');
    const topUp = { userId, amountMinor: 1_000n, method: 'ideal', cardToken: null } as const;
    expect(await refusalOf(world.parts.topUp.run(topUp))).toBe('NOT_OFFERED');
  });

  it('the account at the PSP never changes', async () => {
    const change = `update orders.merchant set psp_account = 'acct_other' where mchid = $1`;
    await expect(world.query(change, [MCHID])).rejects.toThrow('never changes');
  });

  it('a merchant is led to the PSP to finish the account, and sees when that is done', async () => {
    const { setUpPspAccount } = world.parts;
    expect(await setUpPspAccount.status(MCHID)).toMatchObject({ isPaidOut: false });
    expect(await setUpPspAccount.link(MCHID)).toBe('https://psp.test/connect/acct_1');
    connect.finish('acct_1');
    expect(await setUpPspAccount.status(MCHID)).toMatchObject({ isPaidOut: true, missing: [] });
    expect(await refusalOf(setUpPspAccount.status('1999999999'))).toBe('NOT_FOUND');
  });
});
