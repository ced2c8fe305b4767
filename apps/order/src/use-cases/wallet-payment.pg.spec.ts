import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MCHID, OrderWorld, refusalOf } from '../testing/order-world.js';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

describe('a payment from the wallet', () => {
  it('is queryable as paid in the moment it answers, and told once', async () => {
    const { userId } = await world.payer(5_000n);
    const { attemptId, orderId, request } = await world.sheet(userId);

    const attempt = await world.confirm(attemptId, userId, 'wallet');

    expect(attempt.state).toBe('succeeded');
    const order = await world.parts.findOrder.byOutTradeNo(MCHID, request.outTradeNo);
    expect(order.state).toBe('SUCCESS');
    expect(order.payment).toMatchObject({ method: 'wallet', userId });
    expect(order.payment?.transactionId).toMatch(/^\d{28}$/);
    // 1.4 % of 10.00 is 14 cents, and 5 fixed.
    expect(order.payment?.fee.minor).toBe(19n);
    expect(await world.parts.findWallet.balance(userId)).toMatchObject({ availableMinor: 4_000n });
    await world.settle();
    const said = world.bus.said.filter((event) => event.subject === orderId);
    expect(said.map((event) => event.type)).toEqual([
      'order.opened.v1',
      'payment.succeeded.v1',
      'order.paid.v1',
    ]);
    expect(world.booked('payment', attemptId)).toBe(1);
  });

  it('is one transfer after ten taps', async () => {
    const { userId } = await world.payer(5_000n);
    const { attemptId } = await world.sheet(userId);

    const taps = await Promise.all(
      Array.from({ length: 10 }, () => world.confirm(attemptId, userId, 'wallet')),
    );

    expect(taps.some((attempt) => attempt.state === 'succeeded')).toBe(true);
    expect(taps.every(({ state }) => state === 'succeeded' || state === 'confirming')).toBe(true);
    await world.settle();
    expect(world.booked('payment', attemptId)).toBe(1);
    expect((await world.parts.findWallet.balance(userId)).availableMinor).toBe(4_000n);
  });

  it('fails when the wallet holds too little, and the order can be paid again', async () => {
    const { userId } = await world.payer(500n);
    const { attemptId, prepayId, request } = await world.sheet(userId);

    const attempt = await world.confirm(attemptId, userId, 'wallet');

    expect(attempt).toMatchObject({ state: 'failed', failure: 'FLOOR' });
    expect(await world.stateOf(request)).toBe('NOTPAY');
    const again = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));
    expect(again.attempt.id).not.toBe(attemptId);
  });

  it('is unknown when the ledger does not answer, and found out later', async () => {
    const { userId } = await world.payer(5_000n);
    const { attemptId, request } = await world.sheet(userId);
    world.ledger.loseAnswers(1);

    expect((await world.confirm(attemptId, userId, 'wallet')).state).toBe('unknown');
    await world.settle();

    expect(await world.stateOf(request)).toBe('SUCCESS');
    expect(world.booked('payment', attemptId)).toBe(1);
  });

  it('tells the truth on cancel: ok when the money had moved', async () => {
    const { userId } = await world.payer(5_000n);
    const { attemptId } = await world.sheet(userId);
    world.ledger.loseAnswers(1);
    await world.confirm(attemptId, userId, 'wallet');

    const left = await world.parts.cancelAttempt.run({ attemptId, userId });

    expect(left.state).toBe('succeeded');
  });

  it('tells the truth on cancel: cancelled only when it never can move any more', async () => {
    const { userId } = await world.payer(5_000n);
    const { attemptId, request } = await world.sheet(userId);
    world.ledger.setDown(true);
    expect((await world.confirm(attemptId, userId, 'wallet')).state).toBe('unknown');
    expect((await world.parts.cancelAttempt.run({ attemptId, userId })).state).toBe('unknown');
    world.ledger.setDown(false);

    expect((await world.parts.cancelAttempt.run({ attemptId, userId })).state).toBe('cancelled');
    await world.settle();

    expect(await world.stateOf(request)).toBe('NOTPAY');
    expect(world.booked('payment', attemptId)).toBe(0);
  });

  it('of one order by two sheets at once happens once', async () => {
    const { userId } = await world.payer(5_000n);
    const first = await world.sheet(userId);
    const call = world.callOf(first.prepayId);
    const second = (await world.parts.openAttempt.byCall(userId, call)).attempt.id;

    const ends = await Promise.allSettled([
      world.confirm(first.attemptId, userId, 'wallet'),
      world.confirm(second, userId, 'wallet'),
    ]);

    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await world.parts.findWallet.balance(userId)).availableMinor).toBe(4_000n);
  });
});

describe('a sheet', () => {
  it('does not open on what the merchant did not sign', async () => {
    const { userId } = await world.payer(0n);
    const { prepayId } = await world.parts.openOrder.run(world.orderRequest());
    const call = world.callOf(prepayId);
    const open = (over: object): Promise<string> =>
      refusalOf(world.parts.openAttempt.byCall(userId, { ...call, ...over }));

    expect(await open({ paySign: Buffer.from('forged').toString('base64') })).toBe(
      'PAY_SIGN_WRONG',
    );
    expect(await open({ nonceStr: 'another' })).toBe('PAY_SIGN_WRONG');
    expect(await open({ signType: 'MD5' })).toBe('PARAM_ERROR');
    expect(await open({ appid: 'wx0000000000000000' })).toBe('PARAM_ERROR');
    expect(await open(world.callOf('wx00'))).toBe('PARAM_ERROR');
    expect(await open({})).toBe('not refused');
  });

  it('does not open for another payer than the order names', async () => {
    const [named, other] = [await world.payer(0n), await world.payer(0n)];
    const openid = await world.parts.openidBook.ensure(world.orderRequest().appid, named.userId);
    const { prepayId } = await world.parts.openOrder.run(world.orderRequest({ openid }));
    const call = world.callOf(prepayId);

    expect(await refusalOf(world.parts.openAttempt.byCall(other.userId, call))).toBe('NO_AUTH');
    expect((await world.parts.openAttempt.byCall(named.userId, call)).attempt.state).toBe(
      'created',
    );
  });

  it('does not open on a paid, closed or expired order', async () => {
    const { userId } = await world.payer(5_000n);
    const open = (prepayId: string): Promise<string> =>
      refusalOf(world.parts.openAttempt.byCall(userId, world.callOf(prepayId)));
    const paid = await world.sheet(userId);
    await world.confirm(paid.attemptId, userId, 'wallet');
    const closed = await world.sheet(userId);
    await world.parts.closeOrder.run(closed.request);
    const expired = await world.sheet(userId);

    expect(await open(paid.prepayId)).toBe('ORDER_ALREADY_PAID');
    expect(await open(closed.prepayId)).toBe('ORDER_IS_CLOSED');
    world.clock.advance(2 * 3_600_000 + 1);
    expect(await open(expired.prepayId)).toBe('ORDER_IS_EXPIRED');
    expect(await refusalOf(world.confirm(closed.attemptId, userId, 'wallet'))).toBe('not refused');
    expect(world.booked('payment', closed.attemptId)).toBe(0);
  });
});
