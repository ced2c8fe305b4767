import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import { type SettlementTerms, STANDARD_TERMS } from '../domain/settlement-terms.js';
import { NextPayouts } from '../adapters/postgres/next-payout.js';
import { ANNA, BRAM, ONE, PayoutWorld, TWO } from '../testing/payout-world.js';

const DAY_MS = 86_400_000;

describe('settlement terms', () => {
  let world: PayoutWorld;
  let version = 0;

  beforeEach(async () => {
    version = 0;
    world = await PayoutWorld.open();
  });
  afterEach(() => world.close());

  async function say(over: Partial<SettlementTerms>): Promise<void> {
    await world.parts.terms.say(ONE, {
      ...{ after: version, terms: { ...STANDARD_TERMS, ...over }, reason: 'agreed' },
      ...{ by: { id: ANNA, name: ANNA }, at: world.clock.now() },
    });
    version += 1;
  }

  const run = async (): Promise<string[]> => {
    const { settlements } = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    return settlements.map(({ merchantId }) => merchantId);
  };
  const why = async (): Promise<string | null> => {
    const next = new NextPayouts(world.database, world.parts.terms);
    return (await next.of(ONE, world.clock.now())).notSettled;
  };

  it('leave a merchant who wants it weekly alone until the day, and the others as they were', async () => {
    // The world begins on a Monday; its ledger books on that day.
    await say({ every: 'week', onDay: 4 });
    await world.ledger.pay(ONE, 1_000n);
    await world.ledger.pay(TWO, 1_000n);
    expect([await run(), await why()]).toEqual([[TWO], 'not-yet']);
    world.clock.advance(3 * DAY_MS);
    expect([await why(), await run()]).toEqual([null, [ONE]]);
  });

  it('carry an account on below its minimum, and say so', async () => {
    await say({ minimum: Money.ofMinor(2_500n, 'EUR') });
    await world.ledger.pay(ONE, 2_499n);
    expect([await run(), await why()]).toEqual([[], 'below-minimum']);
    await world.ledger.pay(ONE, 1n);
    expect(await run()).toEqual([ONE]);
    expect(await world.payouts()).toMatchObject([{ merchant_id: ONE, amount_minor: '2500' }]);
  });

  it('settle only when asked, if that is agreed', async () => {
    await say({ every: 'asked' });
    await world.ledger.pay(ONE, 700n);
    expect([await run(), await why()]).toEqual([[], 'when-asked']);
    expect((await world.parts.run.settle(ONE)).state).toBe('closed');
    await run();
    expect(await world.payouts()).toMatchObject([{ merchant_id: ONE, amount_minor: '700' }]);
  });

  it('stay on record, one after the other, whatever the service does', async () => {
    await say({ every: 'asked' });
    await expect(
      world.parts.terms.say(ONE, {
        ...{ after: 0, terms: STANDARD_TERMS, reason: 'late' },
        ...{ by: { id: BRAM, name: BRAM }, at: world.clock.now() },
      }),
    ).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await say({ every: 'month', onDay: 31 });
    const history = await world.parts.terms.history(ONE, 9);
    expect(history.map(({ terms }) => terms.every)).toEqual(['month', 'asked']);
    const jump = `insert into payout.settlement_terms values ('${ONE}', 9, 'day', null, 0, 'EUR', 'x', 'x', 'x', now())`;
    await expect(world.database.query(jump)).rejects.toThrow(/do not follow the last/);
    const fit = jump.replace("9, 'day', null", "3, 'week', 8");
    await expect(world.database.query(fit)).rejects.toThrow(/day_fits_its_schedule/);
    const change = 'update payout.settlement_terms set minimum_minor = 1';
    await expect(world.database.query(change)).rejects.toThrow(/permission denied/);
    await expect(world.rules(change)).rejects.toThrow(/stay on record/);
  });
});
