import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MCHID, OrderWorld, PowerCut } from '../testing/order-world.js';
import { CRASH_POINTS } from './crash-points.js';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

/** Runs a story that dies at the named line, in whatever call that is, and goes on as a new process. */
async function survive(point: string, steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  world.crash.at = point;
  for (const step of steps) {
    await step().catch(async (error: unknown) => {
      if (!(error instanceof PowerCut)) throw error;
      world.parts = world.assemble();
      await world.settle();
      // The caller got no answer and says it again.
      await step();
    });
  }
  expect(world.crash.at).toBeNull();
  await world.settle();
}

async function facts(orderId: string): Promise<Record<string, number>> {
  await world.settle();
  const counts: Record<string, number> = {};
  for (const event of world.bus.said.filter(({ subject }) => subject === orderId)) {
    counts[event.type] = (counts[event.type] ?? 0) + 1;
  }
  return counts;
}

const isAbout = (subject: string) => (point: string) => point.startsWith(`${subject}.`);

describe('a process that dies', () => {
  it.each(CRASH_POINTS.filter(isAbout('wallet')))('at %s has paid once', async (point) => {
    const { userId } = await world.payer(5_000n);
    const { attemptId, orderId, request } = await world.sheet(userId);

    await survive(point, [() => world.confirm(attemptId, userId, 'wallet')]);

    expect(await world.stateOf(request)).toBe('SUCCESS');
    expect(world.booked('payment', attemptId)).toBe(1);
    expect((await world.parts.findWallet.balance(userId)).availableMinor).toBe(4_000n);
    expect(await facts(orderId)).toEqual({
      ...{ 'order.opened.v1': 1, 'payment.succeeded.v1': 1, 'order.paid.v1': 1 },
    });
  });

  it.each(CRASH_POINTS.filter(isAbout('ideal')))('at %s has paid once', async (point) => {
    const { userId } = await world.parts.sessions.startGuest();
    const { attemptId, orderId, request } = await world.sheet(userId);
    const webhook = async (): Promise<void> => {
      world.psp.settle(attemptId, 'succeeded');
      await world.parts.takePspWebhook.run(world.psp.webhookOf(world.psp.paymentOf(attemptId)));
      const now = world.clock.now();
      const [message] = await world.parts.inbox.take({ now, limit: 1, leaseUntil: now });
      if (message !== undefined) await world.parts.workPspMessage.run(message);
    };

    await survive(point, [() => world.confirm(attemptId, userId, 'ideal'), webhook]);

    expect(await world.stateOf(request)).toBe('SUCCESS');
    expect(world.booked('payment', attemptId)).toBe(1);
    expect(await facts(orderId)).toEqual({
      ...{ 'order.opened.v1': 1, 'payment.succeeded.v1': 1, 'order.paid.v1': 1 },
    });
  });

  const refunds = CRASH_POINTS.filter(isAbout('refund')).flatMap((point) => [
    ...[{ point, method: 'ideal' as const }],
    ...(point === 'refund.psp-called' ? [] : [{ point, method: 'wallet' as const }]),
  ]);
  it.each(refunds)(
    'at $point has refunded a payment by $method once',
    async ({ point, method }) => {
      const { userId } = await world.payer(5_000n);
      const { attemptId, orderId, request } = await world.sheet(userId);
      await world.confirm(attemptId, userId, method);
      if (method === 'ideal') world.psp.settle(attemptId, 'succeeded');
      await world.parts.returnFromBank.run(attemptId);
      const asked = {
        ...{
          mchid: MCHID,
          by: { outTradeNo: request.outTradeNo },
          outRefundNo: `${point}-${method}`,
        },
        ...{ amountMinor: 400n, totalMinor: 1_000n, currency: 'EUR', reason: null },
        ...{ notifyUrl: null, fundsAccount: null },
      };
      let refundId = '';
      const ask = async (): Promise<void> => {
        refundId = (await world.parts.requestRefund.run(asked)).id;
      };

      await survive(point, [ask, () => world.parts.workRefund.run(refundId)]);

      expect((await world.parts.findRefund.run(asked)).state).toBe('success');
      expect(world.booked('refund-request', refundId)).toBe(1);
      expect(world.booked('refund-success', refundId)).toBe(1);
      const order = await world.parts.findOrder.byOutTradeNo(MCHID, request.outTradeNo);
      expect(order.refundedMinor).toBe(400n);
      expect(await facts(orderId)).toMatchObject({
        ...{ 'refund.requested.v1': 1, 'refund.succeeded.v1': 1 },
      });
    },
  );
});

describe('every step, done twice,', () => {
  it('happens once', async () => {
    const { userId } = await world.payer(5_000n);
    const { attemptId, orderId, request } = await world.sheet(userId);
    const asked = {
      ...{ mchid: MCHID, by: { outTradeNo: request.outTradeNo }, outRefundNo: 'twice-1' },
      ...{ amountMinor: 400n, totalMinor: 1_000n, currency: 'EUR', reason: null },
      ...{ notifyUrl: null, fundsAccount: null },
    };
    const twice = async <T>(step: () => Promise<T>): Promise<T> => {
      await step();
      return step();
    };

    await twice(() => world.confirm(attemptId, userId, 'wallet'));
    await twice(() => world.parts.resolveAttempt.run(attemptId));
    await twice(() => world.parts.cancelAttempt.run({ attemptId, userId }));
    const refund = await twice(() => world.parts.requestRefund.run(asked));
    await twice(() => world.parts.workRefund.run(refund.id));
    await twice(() => world.settle());

    expect((await world.parts.findWallet.balance(userId)).availableMinor).toBe(4_400n);
    expect(await facts(orderId)).toEqual({
      ...{ 'order.opened.v1': 1, 'payment.succeeded.v1': 1, 'order.paid.v1': 1 },
      ...{ 'refund.requested.v1': 1, 'refund.succeeded.v1': 1 },
    });
  });
});
