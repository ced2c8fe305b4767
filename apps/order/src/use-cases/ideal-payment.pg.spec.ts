import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import { OrderWorld, refusalOf } from '../testing/order-world.js';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

/** A guest at the bank. */
async function atTheBank() {
  const { userId } = await world.parts.sessions.startGuest();
  const sheet = await world.sheet(userId);
  const attempt = await world.confirm(sheet.attemptId, userId, 'ideal');
  return { ...sheet, userId, attempt };
}

async function webhook(attemptId: string): Promise<void> {
  await world.parts.takePspWebhook.run(world.psp.webhookOf(world.psp.paymentOf(attemptId)));
}

async function attemptState(attemptId: string): Promise<string | undefined> {
  return (await world.parts.orders.attempt(attemptId))?.state;
}

async function refundOf(attemptId: string): Promise<string | undefined> {
  const [row] = await world.query<{ state: string }>(
    `select state from orders.refund where attempt_id = $1 and source = 'late-payment'`,
    [attemptId],
  );
  return row?.state;
}

describe('a payment by iDEAL', () => {
  it('sends a guest to the bank and is paid when the webhook comes, however often', async () => {
    const { attempt, attemptId, request } = await atTheBank();
    expect(attempt).toMatchObject({ state: 'redirected' });
    expect(attempt.redirectUrl).toContain('https://bank.test/');
    world.psp.settle(attemptId, 'succeeded');

    await webhook(attemptId);
    await webhook(attemptId);
    await world.settle();

    expect(await world.stateOf(request)).toBe('SUCCESS');
    expect(world.booked('payment', attemptId)).toBe(1);
  });

  it('asks the PSP and trusts no message: one that tells of success too early changes nothing', async () => {
    const { attemptId, request } = await atTheBank();

    await webhook(attemptId);
    await world.settle();

    expect(await world.stateOf(request)).toBe('NOTPAY');
    expect(await attemptState(attemptId)).toBe('redirected');
  });

  it('tells a message that comes again from another one under the same id', async () => {
    const message = { pspEventId: 'evt_twice', type: 'payment', at: new Date() };
    const body = (text: string) => ({ sha256: Buffer.alloc(32, text), sealed: Buffer.from(text) });
    const { inbox } = world.parts;
    expect(await inbox.keep({ ...message, ...body('one') })).toBe('kept');
    expect(await inbox.keep({ ...message, ...body('one') })).toBe('repeat');
    expect(await inbox.keep({ ...message, ...body('two') })).toBe('other');
    await inbox.finish('evt_twice', { at: new Date(), problem: null });
  });

  it('is known at once when the payer comes back before the webhook', async () => {
    const { attemptId, request } = await atTheBank();
    world.psp.settle(attemptId, 'succeeded');

    expect(await world.parts.returnFromBank.run(attemptId)).toBe('attempt');
    expect(await world.stateOf(request)).toBe('SUCCESS');
  });

  it('is refused at once while the PSP gives no answers, and the same sheet works when it does', async () => {
    const { userId } = await world.parts.sessions.startGuest();
    const { attemptId } = await world.sheet(userId);
    world.psp.isReachable = false;
    const refused = world.confirm(attemptId, userId, 'ideal');
    expect(await refusalOf(refused)).toBe('PSP_UNREACHABLE');
    expect(await attemptState(attemptId)).toBe('created');
    expect(world.psp.asked.has(attemptId)).toBe(false);
    world.psp.isReachable = true;
    expect(await world.confirm(attemptId, userId, 'ideal')).toMatchObject({ state: 'redirected' });
  });

  it('that fails leaves the order open for another attempt', async () => {
    const { attemptId, request, userId, prepayId } = await atTheBank();
    world.psp.settle(attemptId, 'failed');
    await webhook(attemptId);
    await world.settle();

    expect(await attemptState(attemptId)).toBe('failed');
    expect(await world.stateOf(request)).toBe('NOTPAY');
    const again = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));
    const retry = await world.confirm(again.attempt.id, userId, 'ideal');
    expect(retry.pspReference).not.toBe(world.psp.paymentOf(attemptId).pspReference);
  });

  it('that is left at the bank is ended with its order, and a new sheet ends it first', async () => {
    const { attemptId, userId, prepayId } = await atTheBank();

    const again = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));

    expect(again.attempt.id).not.toBe(attemptId);
    expect(await attemptState(attemptId)).toBe('cancelled');
    expect(world.psp.paymentOf(attemptId).state).toBe('cancelled');
  });

  it('is adopted by a new sheet when nobody can say how it stands', async () => {
    const { attemptId, userId, prepayId } = await atTheBank();
    world.psp.setDown(true);
    const again = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));
    world.psp.setDown(false);

    expect(again.attempt).toMatchObject({ id: attemptId, state: 'unknown' });
  });

  it('of another payer keeps a second one out', async () => {
    const { prepayId } = await atTheBank();
    const { userId } = await world.parts.sessions.startGuest();
    const open = world.parts.openAttempt.byCall(userId, world.callOf(prepayId));

    expect(await refusalOf(open)).toBe('ANOTHER_ATTEMPT_OPEN');
  });

  it('whose answer was lost is one payment all the same', async () => {
    const { userId } = await world.parts.sessions.startGuest();
    const { attemptId } = await world.sheet(userId);
    const before = world.psp.payments.size;
    world.psp.loseAnswers(1);

    expect((await world.confirm(attemptId, userId, 'ideal')).state).toBe('unknown');
    await world.work('it is found', async () => (await attemptState(attemptId)) === 'redirected');

    expect(world.psp.payments.size).toBe(before + 1);
  });
});

describe('closing an order', () => {
  it('ends the payment at the bank first', async () => {
    const { attemptId, request } = await atTheBank();
    await world.parts.closeOrder.run(request);
    await world.parts.closeOrder.run(request);

    expect(await world.stateOf(request)).toBe('CLOSED');
    expect(world.psp.paymentOf(attemptId).state).toBe('cancelled');
  });

  it('loses to a payment that won', async () => {
    const { attemptId, request } = await atTheBank();
    world.psp.settle(attemptId, 'succeeded');

    expect(await refusalOf(world.parts.closeOrder.run(request))).toBe('ORDER_PAID');
    expect(await world.stateOf(request)).toBe('SUCCESS');
  });

  it('waits while nobody knows', async () => {
    const { request } = await atTheBank();
    world.psp.setDown(true);
    expect(await refusalOf(world.parts.closeOrder.run(request))).toBe('SERVICE_UNAVAILABLE');
    world.psp.setDown(false);
    expect(await world.stateOf(request)).toBe('NOTPAY');
  });
});

describe('money that comes too late', () => {
  it('for a closed order is owed back, and goes back by itself', async () => {
    const { attemptId, orderId, request } = await atTheBank();
    await world.parts.closeOrder.run(request);
    world.psp.settle(attemptId, 'succeeded');
    await webhook(attemptId);
    await webhook(attemptId);
    await world.settle();

    expect(await attemptState(attemptId)).toBe('refundDue');
    expect(await refundOf(attemptId)).toBe('success');
    expect(await world.stateOf(request)).toBe('CLOSED');
    expect(world.booked('payment', attemptId)).toBe(0);
    expect(world.booked('late-payment', attemptId)).toBe(1);
    expect(world.ledger.balanceOf('suspense:late-success')).toBe(0n);
    expect(world.ledger.balanceOf('refund:transit')).toBe(0n);
    const notices = await world.query('select 1 from orders.notification where about = $1', [
      orderId,
    ]);
    expect(notices).toHaveLength(0);
  });

  it('as a second success of a paid order is owed back', async () => {
    const { attemptId, userId, prepayId, request } = await atTheBank();
    const again = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));
    const second = await world.confirm(again.attempt.id, userId, 'ideal');
    world.psp.settle(second.id, 'succeeded');
    await webhook(second.id);
    world.psp.settle(attemptId, 'succeeded');
    await webhook(attemptId);
    await world.settle();

    expect(await world.stateOf(request)).toBe('SUCCESS');
    expect(await attemptState(second.id)).toBe('succeeded');
    expect(await refundOf(attemptId)).toBe('success');
    expect(await refundOf(second.id)).toBeUndefined();
  });

  it('or in another amount than asked is owed back as it came', async () => {
    const { attemptId, request } = await atTheBank();
    world.psp.settle(attemptId, 'succeeded');
    world.psp.changeAmount(attemptId, Money.ofMinor(999n, 'EUR'));
    await webhook(attemptId);
    await world.settle();

    expect(await world.stateOf(request)).toBe('NOTPAY');
    expect(await attemptState(attemptId)).toBe('refundDue');
    expect(await refundOf(attemptId)).toBe('success');
  });
});

describe('a webhook', () => {
  it('that is forged is refused and changes nothing', async () => {
    const { attemptId } = await atTheBank();
    const message = world.psp.webhookOf(world.psp.paymentOf(attemptId));
    const forged = world.parts.takePspWebhook.run({ ...message, signature: 'v1=00' });

    expect(await refusalOf(forged)).toBe('PSP_SIGNATURE_WRONG');
  });

  it('about nothing of ours is laid aside after some looks', async () => {
    const stranger = await world.psp.openPayment({
      ...{ reference: 'nobody', idempotencyKey: 'nobody', method: 'ideal', description: '' },
      ...{ returnUrl: 'https://x.test', amount: Money.ofMinor(100n, 'EUR') },
      destination: null,
    });
    await world.parts.takePspWebhook.run(world.psp.webhookOf(stranger));
    await world.work('it is laid aside', async () => {
      world.clock.advance(3_600_000);
      const rows = await world.query(
        `select 1 from orders.psp_inbox where problem is not null and work_at is null`,
      );
      return rows.length === 1;
    });
  });
});
