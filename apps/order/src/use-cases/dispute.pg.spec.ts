import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PspPayment } from '@stuiver/psp';
import { MCHID, OrderWorld, PowerCut, refusalOf } from '../testing/order-world.js';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

async function paid() {
  const { userId } = await world.payer(0n);
  const sheet = await world.sheet(userId);
  await world.confirm(sheet.attemptId, userId, 'ideal');
  world.psp.settle(sheet.attemptId, 'succeeded');
  await world.parts.returnFromBank.run(sheet.attemptId);
  return { ...sheet, userId, payment: world.psp.paymentOf(sheet.attemptId) };
}

/** The PSP's message about it, taken as it comes over the wire. */
async function tell(id: string): Promise<void> {
  const dispute = world.psp.disputes.all.get(id);
  if (dispute === undefined) throw new Error('there is a dispute');
  await world.parts.takePspWebhook.run(world.psp.webhookOf(dispute));
}

async function disputed(payment: PspPayment): Promise<string> {
  const id = world.psp.disputes.open(payment, 'chargeback');
  await tell(id);
  await world.settle();
  return id;
}

const pending = (): bigint => world.ledger.balanceOf(`merchant:${MCHID}:pending`);
const typesOf = (orderId: string): readonly string[] =>
  world.bus.said.filter(({ subject }) => subject === orderId).map(({ type }) => type);

function refund(outTradeNo: string) {
  return world.parts.requestRefund.run({
    ...{ mchid: MCHID, by: { outTradeNo }, outRefundNo: `r-${outTradeNo}`, amountMinor: 1_000n },
    ...{ totalMinor: 1_000n, currency: 'EUR', reason: null, notifyUrl: null, fundsAccount: null },
  });
}

async function disputesOf(orderId: string) {
  return (await world.parts.staff.consoleOrders.detail(MCHID, orderId))?.disputes;
}

describe('a dispute', () => {
  it('takes the merchant’s money once, however often and late the PSP tells', async () => {
    const { orderId, payment } = await paid();
    await world.settle();
    const before = pending();
    const id = await disputed(payment);
    await tell(id);
    await world.settle();
    expect(world.booked('dispute-withdrawal', id)).toBe(1);
    expect(pending()).toBe(before - 1_000n);
    expect(typesOf(orderId).at(-1)).toBe('dispute.withdrawn.v1');
    expect(await disputesOf(orderId)).toMatchObject([
      { disputeId: id, state: 'open', reason: 'fraudulent', amountMinor: '1000' },
    ]);
  });

  it('that is won gives it back, also when all messages come at once and in no order', async () => {
    const { orderId, payment } = await paid();
    await world.settle();
    const before = pending();
    const id = world.psp.disputes.open(payment, 'chargeback');
    world.psp.disputes.decide(id, 'won');
    await Promise.all([tell(id), tell(id), tell(id)]);
    await world.settle();
    expect([world.booked('dispute-withdrawal', id), world.booked('dispute-return', id)]).toEqual([
      ...[1, 1],
    ]);
    expect(pending()).toBe(before);
    expect(typesOf(orderId).slice(-2)).toEqual(['dispute.withdrawn.v1', 'dispute.returned.v1']);
    expect(await disputesOf(orderId)).toMatchObject([{ state: 'won' }]);
  });

  it('that is lost stays taken, and leaves nothing to refund', async () => {
    const { payment, request } = await paid();
    const id = await disputed(payment);
    expect(await refusalOf(refund(request.outTradeNo))).toBe('INVALID_REQUEST');
    world.psp.disputes.decide(id, 'lost');
    await tell(id);
    await world.settle();
    expect(world.booked('dispute-return', id)).toBe(0);
    expect(await refusalOf(refund(request.outTradeNo))).toBe('INVALID_REQUEST');
  });

  it('that is an inquiry moves nothing, and may be answered by a refund', async () => {
    const { orderId, payment, request } = await paid();
    const id = world.psp.disputes.open(payment, 'inquiry');
    await tell(id);
    await world.settle();
    expect(world.booked('dispute-withdrawal', id)).toBe(0);
    expect(await disputesOf(orderId)).toMatchObject([{ state: 'inquiry', withdrawnAt: null }]);
    expect((await refund(request.outTradeNo)).state).toBe('processing');
  });

  it('whose messages were all lost is found by looking, and its end by asking', async () => {
    const { orderId, payment } = await paid();
    const id = world.psp.disputes.open(payment, 'chargeback');
    await world.parts.recordDispute.findRecent();
    await world.settle();
    expect(world.booked('dispute-withdrawal', id)).toBe(1);
    world.psp.disputes.decide(id, 'won');
    world.clock.advance(6 * 3_600_000);
    await world.settle();
    expect(world.booked('dispute-return', id)).toBe(1);
    expect(await disputesOf(orderId)).toMatchObject([{ state: 'won' }]);
  });

  it('that comes before its payment is recorded waits for it', async () => {
    const { userId } = await world.payer(0n);
    const { attemptId } = await world.sheet(userId);
    await world.confirm(attemptId, userId, 'ideal');
    world.psp.settle(attemptId, 'succeeded');
    const id = world.psp.disputes.open(world.psp.paymentOf(attemptId), 'chargeback');
    expect(await world.parts.recordDispute.run(id)).toBe('later');
    await world.parts.returnFromBank.run(attemptId);
    expect(await world.parts.recordDispute.run(id)).toBe('done');
  });

  it('over nothing of ours is nobody’s; while the PSP is down it is later', async () => {
    expect(await world.parts.recordDispute.run('du_nobody')).toBe('nobody');
    world.psp.setDown(true);
    expect(await world.parts.recordDispute.run('du_nobody')).toBe('later');
    world.psp.setDown(false);
  });

  it('over a top-up takes nobody’s money until a person has looked', async () => {
    const { userId } = await world.payer(2_000n);
    const [topUp] = await world.query<{ id: string }>(
      'select id from orders.top_up where user_id = $1',
      [userId],
    );
    const id = await disputed(world.psp.paymentOf(topUp?.id ?? ''));
    expect(world.booked('dispute-withdrawal', id)).toBe(1);
    expect(world.ledger.balanceOf('suspense:dispute')).toBe(-2_000n);
  });

  it('is booked once also when the process dies after it was recorded', async () => {
    const { payment } = await paid();
    const id = world.psp.disputes.open(payment, 'chargeback');
    world.crash.at = 'dispute.recorded';
    await expect(world.parts.recordDispute.run(id)).rejects.toBeInstanceOf(PowerCut);
    world.parts = world.assemble();
    await world.settle();
    expect(world.booked('dispute-withdrawal', id)).toBe(1);
  });

  it('keeps what was booked: the database refuses another amount', async () => {
    const { payment } = await paid();
    const id = await disputed(payment);
    const change = world.query('update orders.dispute set withdrawn_minor = 1 where id = $1', [id]);
    await expect(change).rejects.toThrow('was booked, and stays');
  });
});
