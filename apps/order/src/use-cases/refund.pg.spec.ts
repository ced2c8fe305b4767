import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RefundRequest } from './request-refund.js';
import { MCHID, OrderWorld, refusalOf } from '../testing/order-world.js';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

async function paid(method: 'wallet' | 'ideal') {
  const { userId } = await world.payer(5_000n);
  const sheet = await world.sheet(userId);
  await world.confirm(sheet.attemptId, userId, method);
  if (method === 'ideal') {
    world.psp.settle(sheet.attemptId, 'succeeded');
    await world.parts.returnFromBank.run(sheet.attemptId);
  }
  return { ...sheet, userId };
}

let refunds = 0;
function refundOf(order: { outTradeNo: string }, over: Partial<RefundRequest> = {}): RefundRequest {
  refunds += 1;
  return {
    ...{ mchid: MCHID, by: { outTradeNo: order.outTradeNo }, outRefundNo: `r-${String(refunds)}` },
    ...{ amountMinor: 1_000n, totalMinor: 1_000n, currency: 'EUR', reason: null },
    ...{ notifyUrl: null, fundsAccount: null },
    ...over,
  };
}

const stateOf = async (request: RefundRequest): Promise<string> =>
  (await world.parts.findRefund.run(request)).state;

describe('a refund', () => {
  it.each(['wallet', 'ideal'] as const)(
    'of a %s payment is accepted, paid and told once, in the second the order was paid',
    async (method) => {
      const { request, userId, orderId } = await paid(method);
      const refund = await world.parts.requestRefund.run(refundOf(request));

      expect(refund.state).toBe('processing');
      expect(await world.stateOf(request)).toBe('REFUND');
      await world.settle();

      expect((await world.parts.orders.refund(refund.id))?.state).toBe('success');
      expect(world.booked('refund-request', refund.id)).toBe(1);
      expect(world.booked('refund-success', refund.id)).toBe(1);
      // From the wallet it came back there; at the bank it never touched the wallet.
      expect((await world.parts.findWallet.balance(userId)).availableMinor).toBe(5_000n);
      const said = world.bus.said.filter((event) => event.subject === orderId);
      expect(said.map((event) => event.type).slice(-2)).toEqual([
        'refund.requested.v1',
        'refund.succeeded.v1',
      ]);
      const notices = await world.query('select 1 from orders.notification where about = $1', [
        refund.id,
      ]);
      expect(notices).toHaveLength(1);
    },
  );

  it('may come in parts, and never beyond the payment, also at once', async () => {
    const { request } = await paid('wallet');
    const tries = await Promise.all(
      Array.from({ length: 5 }, () =>
        refusalOf(world.parts.requestRefund.run(refundOf(request, { amountMinor: 400n }))),
      ),
    );

    expect(tries.filter((code) => code === 'not refused')).toHaveLength(2);
    expect(tries.filter((code) => code === 'INVALID_REQUEST')).toHaveLength(3);
    const rest = refundOf(request, { amountMinor: 200n });
    expect(await refusalOf(world.parts.requestRefund.run(rest))).toBe('not refused');
    const more = refundOf(request, { amountMinor: 1n });
    expect(await refusalOf(world.parts.requestRefund.run(more))).toBe('INVALID_REQUEST');
  });

  it('with the same number is the same refund, and with other parameters refused', async () => {
    const { request } = await paid('wallet');
    const asked = refundOf(request, { amountMinor: 300n });
    const all = await Promise.all(
      Array.from({ length: 5 }, () => world.parts.requestRefund.run(asked)),
    );

    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    const other = world.parts.requestRefund.run({ ...asked, amountMinor: 301n });
    expect(await refusalOf(other)).toBe('INVALID_REQUEST');
    const order = await world.parts.findOrder.byOutTradeNo(MCHID, request.outTradeNo);
    expect(order.refundedMinor).toBe(300n);
  });

  it('of nothing, of an unpaid order, or with a wrong total or currency is refused', async () => {
    const { request } = await paid('wallet');
    const { userId } = await world.payer(0n);
    const unpaid = await world.sheet(userId);
    const ask = (refund: RefundRequest) => refusalOf(world.parts.requestRefund.run(refund));

    expect(await ask(refundOf({ outTradeNo: 'none-such' }))).toBe('RESOURCE_NOT_EXISTS');
    expect(await ask(refundOf(request, { mchid: '1900000002' }))).toBe('RESOURCE_NOT_EXISTS');
    expect(await ask(refundOf(unpaid.request))).toBe('INVALID_REQUEST');
    expect(await ask(refundOf(request, { totalMinor: 999n }))).toBe('PARAM_ERROR');
    expect(await ask(refundOf(request, { currency: 'CNY' }))).toBe('PARAM_ERROR');
    expect(await ask(refundOf(request, { amountMinor: 1_001n }))).toBe('INVALID_REQUEST');
  });

  it('that the merchant cannot cover is refused, and its number may be used again', async () => {
    const { request } = await paid('wallet');
    const pending = `merchant:${MCHID}:pending`;
    const money = world.ledger.balanceOf(pending);
    world.ledger.balances.set(pending, 0n);
    const asked = refundOf(request);

    expect(await refusalOf(world.parts.requestRefund.run(asked))).toBe('NOT_ENOUGH');
    expect(await refusalOf(world.parts.findRefund.run(asked))).toBe('RESOURCE_NOT_EXISTS');
    expect(await world.stateOf(request)).toBe('SUCCESS');

    world.ledger.balances.set(pending, money);
    expect((await world.parts.requestRefund.run(asked)).state).toBe('processing');
  });

  it('whose answer from the ledger was lost is carried on with', async () => {
    const { request } = await paid('wallet');
    const asked = refundOf(request);
    world.ledger.setDown(true);
    expect(await refusalOf(world.parts.requestRefund.run(asked))).toBe('SERVICE_UNAVAILABLE');
    expect(await stateOf(asked)).toBe('requested');
    world.ledger.setDown(false);

    await world.work('it is paid', async () => (await stateOf(asked)) === 'success');
  });

  it('that the bank takes its time for is asked about, and that it sends back is abnormal', async () => {
    const { request } = await paid('ideal');
    const asked = refundOf(request);
    world.psp.refundsBecome = 'pending';
    const refund = await world.parts.requestRefund.run(asked);
    await world.settle();
    expect(await stateOf(asked)).toBe('processing');

    world.psp.refundsBecome = 'succeeded';
    world.psp.settleRefund(refund.id, 'succeeded');
    await world.work('it is paid', async () => (await stateOf(asked)) === 'success');

    world.psp.settleRefund(refund.id, 'failed');
    const sent = await world.psp.findRefund({ refundId: refund.id });
    if (sent === undefined) throw new Error('the PSP knows the refund');
    await world.parts.takePspWebhook.run(world.psp.webhookOf(sent));
    await world.settle();
    expect(await stateOf(asked)).toBe('abnormal');
    expect(world.booked('refund-return', refund.id)).toBe(1);
  });

  it('whose answer from the PSP was lost is one refund', async () => {
    const { request } = await paid('ideal');
    const asked = refundOf(request, { amountMinor: 500n });
    const refund = await world.parts.requestRefund.run(asked);
    world.psp.loseAnswers(1);
    await world.parts.workRefund.run(refund.id);
    expect(await stateOf(asked)).toBe('processing');

    await world.work('it is paid', async () => (await stateOf(asked)) === 'success');

    const sent = [...world.psp.refunds.values()].filter(({ refundId }) => refundId === refund.id);
    expect(sent).toHaveLength(1);
  });
});
