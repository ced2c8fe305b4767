import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ANNA, BRAM, IBAN, ONE, PayoutWorld, TWO } from '../testing/payout-world.js';
import type { PayeeChange, PayeeCheck } from './payee-ports.js';

const OTHER_IBAN = 'DE89370400440532013000';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: PayoutWorld;
beforeEach(async () => {
  world = await PayoutWorld.open();
});
afterEach(() => world.close());

const person = (id: string): { id: string; name: null } => ({ id, name: null });

async function ask(merchantId = ONE, by = ANNA): Promise<PayeeChange> {
  const wanted = { merchantId, name: 'Café Een', iban: OTHER_IBAN };
  const change = await world.parts.payeeChanges.ask.run(wanted, person(by));
  if (change === undefined) throw new Error('another account was asked for');
  return change;
}

function approve(change: PayeeChange, by = BRAM, payeeCheck: PayeeCheck = 'RCVC'): Promise<void> {
  const { id, detailsSha256 } = change;
  return world.parts.payeeChanges.decide.approve({ id, by: person(by), detailsSha256, payeeCheck });
}

async function later(ms: number): Promise<void> {
  world.clock.advance(ms);
  await world.parts.payeeChanges.use.run();
}

async function stateOf({ id }: PayeeChange): Promise<string | undefined> {
  return (await world.parts.payeeChanges.view.change(id))?.detail.state;
}

async function ibanOf(merchantId: string): Promise<string | undefined> {
  const { present } = (await world.parts.payeeChanges.view.change((await ask(merchantId)).id))
    ?.detail ?? { present: null };
  return present?.iban;
}

async function last4(merchantId = ONE): Promise<string | undefined> {
  return (await world.parts.payeeChanges.view.ofMerchant(merchantId)).payee?.ibanLast4;
}

async function settle(merchantId: string, amount: bigint): Promise<void> {
  world.clock.advance(1);
  await world.ledger.pay(merchantId, amount);
  await world.parts.close.begin(merchantId);
}

describe('another account for a merchant', () => {
  it('is used a day after another person agreed, and the old one stays on record', async () => {
    const change = await ask();
    await approve(change);
    await later(DAY_MS - 1);
    expect(await last4()).toBe(IBAN.slice(-4));
    await later(1);
    expect(await last4()).toBe(OTHER_IBAN.slice(-4));
    const seen = await world.parts.payeeChanges.view.change(change.id);
    expect(seen?.detail).toMatchObject({
      state: 'in-use',
      payeeCheck: 'RCVC',
      present: { iban: OTHER_IBAN },
      past: [{ ibanLast4: IBAN.slice(-4) }],
    });
  });

  it('is told once, for the merchant’s people to know', async () => {
    await ask();
    await ask();
    expect((await world.said())['payout.payee-change-asked.v1']).toBe(1);
  });

  it.each(['Anna', 'ANNA', 'An\u200bna'])('is not agreed to by who asked, as %j', async (name) => {
    const approval = approve(await ask(), name);
    await expect(approval).rejects.toMatchObject({ code: 'SAME_PERSON' });
  });

  it('is agreed to by its details', async () => {
    const { id } = await ask();
    const request = { id, by: person(BRAM), payeeCheck: 'RCVC' } as const;
    const other = world.parts.payeeChanges.decide.approve({
      ...{ ...request, detailsSha256: '0'.repeat(64) },
    });
    await expect(other).rejects.toMatchObject({ facts: { why: 'other-details' } });
  });

  it('is the same when every step is repeated', async () => {
    const change = await ask();
    await approve(change);
    await approve(change);
    await later(DAY_MS);
    await later(DAY_MS);
    await approve(change);
    expect(await stateOf(change)).toBe('in-use');
    const { rows } = await world.rules('select 1 from payout.past_payee');
    expect(rows).toHaveLength(1);
  });

  it('is over after fourteen days without a second person', async () => {
    const change = await ask();
    world.clock.advance(14 * DAY_MS);
    await expect(approve(change)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await later(0);
    expect(await stateOf(change)).toBe('expired');
    expect((await ask()).id).not.toBe(change.id);
  });

  it.each(['refuse', 'withdraw'] as const)('can be ended before it is used: %s', async (verb) => {
    const change = await ask();
    await approve(change);
    await world.parts.payeeChanges.decide[verb](change.id, person(ANNA));
    await world.parts.payeeChanges.decide[verb](change.id, person(ANNA));
    await later(DAY_MS);
    expect(await last4()).toBe(IBAN.slice(-4));
    await expect(approve(change)).rejects.toMatchObject({ facts: { why: 'payee-change-over' } });
  });

  it('is asked for one at a time', async () => {
    await ask();
    const wanted = { merchantId: ONE, name: 'Café', iban: 'FR1420041010050500013M02606' };
    const second = world.parts.payeeChanges.ask.run(wanted, person(BRAM));
    await expect(second).rejects.toMatchObject({ facts: { why: 'payee-changing' } });
  });

  it('needs no wait when there was none, and the second person all the same', async () => {
    const change = await ask('1900000003');
    await later(DAY_MS);
    expect(await last4('1900000003')).toBeUndefined();
    await approve(change);
    await later(0);
    expect(await last4('1900000003')).toBe(OTHER_IBAN.slice(-4));
  });

  it('changes nothing while the process dies on every line', async () => {
    const change = await ask();
    await approve(change);
    world.clock.advance(DAY_MS);
    world.crash.at = 'payout.payee-changed';
    await expect(world.parts.payeeChanges.use.run()).rejects.toThrow();
    world.restart();
    await world.parts.payeeChanges.use.run();
    expect(await stateOf(change)).toBe('in-use');
    expect(await ibanOf(TWO)).toBe(IBAN);
  });
});

describe('meanwhile', () => {
  it('nobody is paid for that merchant, and the others are', async () => {
    await settle(ONE, 1000n);
    await settle(TWO, 700n);
    const change = await ask();
    const run = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(run.paid?.payouts.map(({ merchantId }) => merchantId)).toEqual([TWO]);
    expect(run.held).toMatchObject([{ merchantId: ONE, code: 'payee-changing' }]);
    await approve(change);
    expect((await world.parts.run.run({ maker: ANNA, checker: BRAM })).paid).toBeNull();
    await later(DAY_MS);
    const after = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(after.paid?.payouts).toMatchObject([{ merchantId: ONE }]);
  });

  it('a batch that was prepared before is not approved', async () => {
    await settle(ONE, 1000n);
    const { batch } = await world.parts.prepare.run({ maker: ANNA });
    const { id: batchId = '', fileSha256 = '' } = batch ?? {};
    const change = await ask();
    const approveBatch = (): Promise<unknown> =>
      world.parts.approve.run({ batchId, checker: BRAM, fileSha256 });
    await expect(approveBatch()).rejects.toMatchObject({
      facts: { why: 'payee-changing-in-batch', merchants: ONE },
    });
    await world.parts.payeeChanges.decide.withdraw(change.id, person(ANNA));
    await expect(approveBatch()).resolves.toMatchObject({ state: 'approved' });
  });
});
