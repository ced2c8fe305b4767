import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresAuditTrail } from '@stuiver/audit';
import { PostgresRisk } from '../../adapters/postgres/risk.js';
import { errMsgOf } from '../../domain/attempt-result.js';
import { MCHID, OrderWorld, refusalOf } from '../../testing/order-world.js';
import { KeepBlocks } from './keep-blocks.js';

const STAFF = `stf_${'0'.repeat(26)}`;
const MINUTE_MS = 60_000;
let world: OrderWorld;

beforeAll(async () => {
  world = await OrderWorld.open();
  await world.query(
    `insert into orders.staff (id, email, name, roles, merchants, created_at)
     values ($1, 'risk@pay.test', 'Riet', '{finance}', '{}', now())`,
    [STAFF],
  );
});
beforeEach(() => {
  world.limitRisk('new-payee=500');
});
afterAll(() => world.close());

async function held(method: 'wallet' | 'ideal' = 'wallet') {
  const { userId } = await world.payer(5_000n);
  const sheet = await world.sheet(userId);
  const attempt = await world.confirm(sheet.attemptId, userId, method);
  const [review] = await reviewsOf(sheet.orderId);
  return { ...sheet, userId, attempt, reviewId: review?.id ?? '' };
}

function reviewsOf(orderId: string) {
  return world.query<{ id: string; state: string; reasons: string[]; decided_by: string | null }>(
    'select id, state, reasons, decided_by from orders.risk_review where order_id = $1 order by id',
    [orderId],
  );
}

function decide(reviewId: string, kind: 'approved' | 'refused') {
  const note = 'called them back';
  return world.parts.decideReview.run({ reviewId, kind, staffId: STAFF, note });
}

function balanceOf(userId: string): Promise<bigint | null> {
  return world.parts.findWallet.balance(userId).then(({ availableMinor }) => availableMinor);
}

describe('a payment that is held', () => {
  it('moves no money, says so, and its order stays unpaid', async () => {
    const { attempt, userId, orderId, request } = await held();

    expect(attempt).toMatchObject({ state: 'created' });
    expect(attempt.heldUntil).toEqual(new Date(world.clock.now().getTime() + 30 * MINUTE_MS));
    expect(errMsgOf(attempt)).toBeNull();
    expect(await world.stateOf(request)).toBe('NOTPAY');
    expect(await balanceOf(userId)).toBe(5_000n);
    expect(await reviewsOf(orderId)).toMatchObject([
      { state: 'waiting', reasons: ['new-payee/1'] },
    ]);
  });

  it('waits once, however often it is confirmed, in however many tabs', async () => {
    const { attemptId, prepayId, orderId, userId } = await held();
    const other = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));

    const taps = await Promise.all(
      [attemptId, other.attempt.id, attemptId, other.attempt.id].map((id) =>
        world.confirm(id, userId, 'ideal'),
      ),
    );

    expect(taps.every(({ heldUntil }) => heldUntil !== null)).toBe(true);
    expect(await reviewsOf(orderId)).toHaveLength(1);
  });

  it.each(['wallet', 'ideal'] as const)(
    'is paid once by %s when it is approved',
    async (method) => {
      const { attemptId, reviewId, userId, request } = await held(method);
      await decide(reviewId, 'approved');
      await decide(reviewId, 'approved');
      expect((await world.parts.findAttempt.run({ attemptId, userId })).heldUntil).toBeNull();

      const taps = await Promise.all([1, 2, 3].map(() => world.confirm(attemptId, userId, method)));

      expect(taps.every(({ state }) => state !== 'created')).toBe(true);
      await world.settle();
      if (method === 'ideal') return;
      expect(await world.stateOf(request)).toBe('SUCCESS');
      expect(world.booked('payment', attemptId)).toBe(1);
    },
  );

  it('may be paid on another sheet of the same payer when it was approved', async () => {
    const { reviewId, prepayId, userId, request } = await held();
    await decide(reviewId, 'approved');
    const { attempt } = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));

    expect((await world.confirm(attempt.id, userId, 'wallet')).state).toBe('succeeded');
    expect(await world.stateOf(request)).toBe('SUCCESS');
  });

  it('ends when it is refused, for good, and takes nothing', async () => {
    const { attemptId, reviewId, prepayId, orderId, userId } = await held();
    await decide(reviewId, 'refused');

    const ended = await world.parts.findAttempt.run({ attemptId, userId });
    expect(errMsgOf(ended)).toBe(
      'requestPayment:fail the payment was refused after a check; nothing was taken',
    );
    const again = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));
    const second = await world.confirm(again.attempt.id, userId, 'ideal');
    expect(second).toMatchObject({ state: 'cancelled', failure: 'RISK_REFUSED' });
    expect(await reviewsOf(orderId)).toHaveLength(1);
    expect(await refusalOf(decide(reviewId, 'approved'))).toBe('STATE_CONFLICT');
    expect(await balanceOf(userId)).toBe(5_000n);
  });

  it('ends by itself when nobody decides in time, also after a power cut', async () => {
    const { attemptId, reviewId, orderId, userId } = await held();
    world.clock.advance(31 * MINUTE_MS);
    expect(await refusalOf(decide(reviewId, 'approved'))).toBe('STATE_CONFLICT');
    world.parts = world.assemble();

    await world.work('the review has lapsed', async () => {
      const [review] = await reviewsOf(orderId);
      return review?.state === 'lapsed';
    });

    expect(await world.parts.findAttempt.run({ attemptId, userId })).toMatchObject({
      ...{ state: 'cancelled', failure: 'RISK_LAPSED' },
    });
    await world.parts.decideReview.lapse(reviewId);
    expect(await refusalOf(decide(reviewId, 'approved'))).toBe('STATE_CONFLICT');
  });

  it('is nobody’s work any more when its payer leaves or its order closes', async () => {
    const left = await held();
    const gone = await world.parts.cancelAttempt.run(left);
    expect(errMsgOf(gone)).toBe('requestPayment:fail cancel');
    expect(await reviewsOf(left.orderId)).toMatchObject([{ state: 'withdrawn' }]);

    const closed = await held();
    await world.parts.closeOrder.run({ mchid: MCHID, outTradeNo: closed.request.outTradeNo });
    expect(await reviewsOf(closed.orderId)).toMatchObject([{ state: 'withdrawn' }]);
    expect(await refusalOf(decide(closed.reviewId, 'approved'))).toBe('STATE_CONFLICT');
  });

  it('is one thing or the other when two decide at once', async () => {
    const { reviewId, orderId } = await held();

    const said = await Promise.all([
      refusalOf(decide(reviewId, 'approved')),
      refusalOf(decide(reviewId, 'refused')),
    ]);

    expect(said.toSorted()).toEqual(['STATE_CONFLICT', 'not refused']);
    const acts = await world.query<{ act: string }>(
      'select act from orders.audit_entry where subject_id = $1',
      [reviewId],
    );
    expect(acts).toHaveLength(1);
    const [review] = await reviewsOf(orderId);
    expect(review?.decided_by).toBe(STAFF);
  });
});

describe('whom we do not serve', () => {
  it('is refused before anything moves, until the block is lifted', async () => {
    world.limitRisk('none');
    const { userId } = await world.payer(5_000n);
    const rows = new PostgresRisk(
      world.options.database,
      new PostgresAuditTrail('orders', world.clock),
    );
    const blocks = new KeepBlocks(rows, world.clock);
    const block = { kind: 'person', value: userId, reason: 'reported as stolen' } as const;
    await blocks.block({ ...block, blockedBy: STAFF });
    await blocks.block({ ...block, blockedBy: STAFF });
    const { attemptId, prepayId, orderId } = await world.sheet(userId);

    const refused = await world.confirm(attemptId, userId, 'wallet');

    expect(refused).toMatchObject({ state: 'cancelled', failure: 'RISK_REFUSED' });
    expect(await reviewsOf(orderId)).toMatchObject([
      { state: 'refused', reasons: ['blocked-person/1'], decided_by: null },
    ]);
    await blocks.lift(block);
    const { attempt } = await world.parts.openAttempt.byCall(userId, world.callOf(prepayId));
    expect((await world.confirm(attempt.id, userId, 'wallet')).state).toBe('succeeded');
    const acts = await world.query<{ act: string }>(
      'select act from orders.audit_entry where subject_id = $1 order by no',
      [`person:${userId}`],
    );
    expect(acts.map(({ act }) => act)).toEqual(['risk-blocked', 'risk-block-lifted']);
  });
});

describe('what is counted', () => {
  it.each([
    ['person-attempts=2', ['person-attempts/1']],
    ['person-declines=2', ['person-declines/1']],
    ['merchant-attempts=2', ['merchant-attempts/1']],
  ])('stops the one after the limit: %s', async (limits, reasons) => {
    world.limitRisk('none');
    world.clock.advance(120 * MINUTE_MS);
    const { userId } = await world.payer(500n);
    for (let round = 0; round < 2; round += 1) {
      const { attemptId } = await world.sheet(userId);
      expect((await world.confirm(attemptId, userId, 'wallet')).state).toBe('failed');
    }
    world.limitRisk(limits);
    const { attemptId, orderId } = await world.sheet(userId);
    await world.confirm(attemptId, userId, 'wallet');
    expect(await reviewsOf(orderId)).toMatchObject([{ state: 'waiting', reasons }]);

    world.clock.advance(61 * MINUTE_MS);
    const later = await world.sheet(userId);
    await world.confirm(later.attemptId, userId, 'wallet');
    expect(await reviewsOf(later.orderId)).toEqual([]);
  });
});

describe('the tables of risk', () => {
  it('hold one waiting review of a payer on an order, and never decide one twice', async () => {
    const { orderId, reviewId, userId } = await held();
    await expect(
      world.query(
        `insert into orders.risk_review (id, order_id, attempt_id, user_id, method, reasons, facts,
           state, opened_at, deadline_at)
         select $2, order_id, attempt_id, user_id, method, reasons, facts, state, opened_at, deadline_at
           from orders.risk_review where id = $1`,
        [reviewId, `rev_${'z'.repeat(26)}`],
      ),
    ).rejects.toThrow('one_review_of_a_payer_waits');
    await decide(reviewId, 'refused');
    await expect(
      world.query(
        `update orders.risk_review set state = 'approved' where order_id = $1 and user_id = $2`,
        [orderId, userId],
      ),
    ).rejects.toThrow('a review that was decided stays so');
  });
});
