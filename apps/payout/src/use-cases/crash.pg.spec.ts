import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerCommand } from '@stuiver/contracts';
import { ANNA, BRAM, ONE, PayoutWorld, TWO } from '../testing/payout-world.js';

let world: PayoutWorld;
beforeEach(async () => {
  world = await PayoutWorld.open();
});
afterEach(() => world.close());

const run = (): Promise<unknown> => world.parts.run.run({ maker: ANNA, checker: BRAM });

async function expectOnePayout(): Promise<void> {
  expect(await world.payouts()).toEqual([
    { merchant_id: ONE, state: 'exported', amount_minor: '1000' },
  ]);
  expect(await world.files()).toHaveLength(1);
  expect(world.ledger.posted.map(({ kind }) => kind)).toEqual([
    'settlement-close',
    'payout-approve',
  ]);
  expect(world.ledger.balance(`merchant:${ONE}:payout`)).toBe(1000n);
  expect(await world.said()).toEqual({
    'settlement.closed.v1': 1,
    'payout.approved.v1': 1,
    'payout.exported.v1': 1,
  });
}

describe('a power cut', () => {
  it.each(['payout.settlement-begun', 'payout.settlement-posted', 'payout.batch-prepared'])(
    'at %s leaves what the next run pays once',
    async (point) => {
      await world.ledger.pay(ONE, 1000n);
      world.crash.at = point;
      await expect(run()).rejects.toThrow(point);
      world.restart();
      await world.parts.carryOn.run();
      await run();
      await run();
      await expectOnePayout();
    },
  );

  it.each(['payout.approval-recorded', 'payout.approval-booked', 'payout.file-written'])(
    'at %s is carried on with to the end',
    async (point) => {
      await world.ledger.pay(ONE, 1000n);
      world.crash.at = point;
      await expect(run()).rejects.toThrow(point);
      world.restart();
      await world.parts.carryOn.run();
      await expectOnePayout();
      await world.parts.carryOn.run();
      await run();
      await expectOnePayout();
    },
  );
});

describe('a lost answer of the ledger', () => {
  it.each<LedgerCommand['kind']>(['settlement-close', 'payout-approve'])(
    'to %s is asked for again',
    async (kind) => {
      await world.ledger.pay(ONE, 1000n);
      world.ledger.loseAnswerTo(kind);
      await expect(run()).rejects.toThrow('the answer is lost');
      world.restart();
      await world.parts.carryOn.run();
      await run();
      await expectOnePayout();
    },
  );

  it('to a return is asked for again, and the refused batch leaves nothing in payout', async () => {
    await world.ledger.pay(ONE, 1000n);
    await world.ledger.pay(TWO, 700n);
    await world.parts.close.begin(ONE);
    await world.parts.close.begin(TWO);
    const { batch } = await world.parts.prepare.run({ maker: ANNA });
    if (batch === null) throw new Error('there is something to prepare');
    await world.ledger.refundFromAvailable(TWO, 1n);
    world.ledger.loseAnswerTo('payout-return');
    const { id: batchId, fileSha256 } = batch;
    const approval = world.parts.approve.run({ batchId, checker: BRAM, fileSha256 });
    await expect(approval).rejects.toThrow('the answer is lost');
    world.restart();
    await world.parts.carryOn.run();
    expect((await world.parts.payouts.batch(batchId))?.state).toBe('refused');
    expect(world.ledger.balance(`merchant:${ONE}:available`)).toBe(1000n);
    expect(world.ledger.balance(`merchant:${ONE}:payout`)).toBe(0n);
  });
});

describe('carrying on', () => {
  it('goes on past one that cannot, and says so at the end', async () => {
    await world.ledger.pay(ONE, 1000n);
    world.crash.at = 'payout.approval-booked';
    await expect(run()).rejects.toThrow('payout.approval-booked');
    // A close whose lines this service heard otherwise: its total can never be what the ledger moved.
    const hears = world.ledger.hears;
    world.ledger.hears = (line) =>
      hears(line.purpose === 'close' ? line : { ...line, amountMinor: '699' });
    await world.ledger.pay(TWO, 700n);
    await expect(world.parts.close.begin(TWO)).rejects.toThrow('running total');
    world.restart();
    await expect(world.parts.carryOn.run()).rejects.toThrow(AggregateError);
    expect(await world.files()).toHaveLength(1);
  });
});
