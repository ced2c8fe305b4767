import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APPID, MCHID, OrderWorld, refusalOf } from '../testing/order-world.js';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

describe('OpenOrder', () => {
  it('gives a fresh ticket for the same order, also when both come at once', async () => {
    const request = world.orderRequest();
    const tickets = await Promise.all(
      Array.from({ length: 5 }, () => world.parts.openOrder.run(request)),
    );

    expect(new Set(tickets.map(({ prepayId }) => prepayId)).size).toBe(5);
    const rows = await world.query('select 1 from orders.payment_order where out_trade_no = $1', [
      request.outTradeNo,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('refuses the same number with other parameters', async () => {
    const request = world.orderRequest();
    await world.parts.openOrder.run(request);

    for (const other of [{ amountMinor: 1n }, { description: 'Tea' }, { attach: 'x' }]) {
      const again = world.parts.openOrder.run({ ...request, ...other });
      expect(await refusalOf(again)).toBe('OUT_TRADE_NO_USED');
    }
    // The expiry is honoured at the first order only.
    const timeExpire = new Date(world.clock.now().getTime() + 600_000);
    expect(await refusalOf(world.parts.openOrder.run({ ...request, timeExpire }))).toBe(
      'not refused',
    );
  });

  it('kills the older code of a native order', async () => {
    const { userId } = await world.payer(0n);
    const request = world.orderRequest({ tradeType: 'NATIVE' });
    const old = await world.parts.openOrder.run(request);
    const fresh = await world.parts.openOrder.run(request);

    const open = (code: string | null) => world.parts.openAttempt.byCode(userId, code ?? '');
    expect(await refusalOf(open(old.code))).toBe('ORDER_IS_EXPIRED');
    expect((await open(fresh.code)).attempt.state).toBe('created');
  });

  it('takes euros when no currency is named, and refuses all others, CNY included', async () => {
    const open = (currency: string | undefined) =>
      refusalOf(world.parts.openOrder.run(world.orderRequest({ currency })));

    expect(await open(undefined)).toBe('not refused');
    expect(await open('CNY')).toBe('PARAM_ERROR');
    expect(await open('eur')).toBe('PARAM_ERROR');
  });

  it("refuses another merchant's appid and an openid that is not of this appid", async () => {
    const open = (over: object) => refusalOf(world.parts.openOrder.run(world.orderRequest(over)));

    expect(await open({ mchid: '1900000002' })).toBe('APPID_MCHID_NOT_MATCH');
    expect(await open({ appid: 'wx0000000000000000' })).toBe('APPID_MCHID_NOT_MATCH');
    expect(await open({ openid: 'oNobody' })).toBe('PARAM_ERROR');
  });

  it('raises an expiry of less than a minute to a minute', async () => {
    const request = world.orderRequest({ timeExpire: world.clock.now() });
    await world.parts.openOrder.run(request);
    const order = await world.parts.findOrder.byOutTradeNo(MCHID, request.outTradeNo);

    expect(order.expiresAt.getTime() - order.createdAt.getTime()).toBe(60_000);
    world.clock.advance(60_000);
    await world.work('it is closed', async () => (await world.stateOf(request)) === 'CLOSED');
    expect(await refusalOf(world.parts.openOrder.run(request))).toBe('ORDER_CLOSED');
  });
});

describe('FindOrder', () => {
  it("does not know another merchant's order", async () => {
    const request = world.orderRequest();
    await world.parts.openOrder.run(request);

    const find = (mchid: string) => world.parts.findOrder.byOutTradeNo(mchid, request.outTradeNo);
    expect(await refusalOf(find('1900000002'))).toBe('ORDER_NOT_EXIST');
    expect((await find(MCHID)).appid).toBe(APPID);
  });
});

describe('RedeemLoginCode', () => {
  it('knows a code once, for its own appid, for five minutes', async () => {
    const { userId } = await world.payer(0n);
    const { issueLoginCode, redeemLoginCode } = world.parts;
    const { code } = await issueLoginCode.run({ appid: APPID, userId });

    expect(await redeemLoginCode.run({ appid: 'wx0', code })).toEqual({ errcode: 40029 });
    const redeemed = await redeemLoginCode.run({ appid: APPID, code });
    expect(redeemed).toMatchObject({ userId });
    expect(await redeemLoginCode.run({ appid: APPID, code })).toEqual({ errcode: 40163 });

    const late = await issueLoginCode.run({ appid: APPID, userId });
    world.clock.advance(300_000);
    expect(await redeemLoginCode.run({ appid: APPID, ...late })).toEqual({ errcode: 40029 });
  });

  it('gives one openid to logins at the same time', async () => {
    const { userId } = await world.payer(0n);
    const openids = await Promise.all(
      Array.from({ length: 5 }, () => world.parts.openidBook.ensure(APPID, userId)),
    );
    expect(new Set(openids).size).toBe(1);
  });
});
