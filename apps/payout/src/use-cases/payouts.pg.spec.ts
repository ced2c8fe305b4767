import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Batch } from './ports.js';
import { ANNA, BRAM, IBAN, ONE, PayoutWorld, TWO } from '../testing/payout-world.js';

const DAY_MS = 86_400_000;
const AVAILABLE = `merchant:${ONE}:available`;
const IN_PAYOUT = `merchant:${ONE}:payout`;

let world: PayoutWorld;
beforeEach(async () => {
  world = await PayoutWorld.open();
});
afterEach(() => world.close());

/** Prepares as Anna, with something to prepare. */
async function prepare(): Promise<Batch> {
  world.clock.advance(1);
  const { batch } = await world.parts.prepare.run({ maker: ANNA });
  if (batch === null) throw new Error('there is something to prepare');
  return batch;
}

function approve(batch: Batch): Promise<Batch> {
  return world.parts.approve.run({
    batchId: batch.id,
    checker: BRAM,
    fileSha256: batch.fileSha256,
  });
}

async function settle(merchantId: string, amount: bigint): Promise<string> {
  // Ids sort by their millisecond.
  world.clock.advance(1);
  await world.ledger.pay(merchantId, amount);
  const settlement = await world.parts.close.begin(merchantId);
  expect(settlement.state).toBe('closed');
  return settlement.id;
}

describe('a payout', () => {
  it('goes from settled to exported, and the money with it', async () => {
    await settle(ONE, 1000n);
    const batch = await prepare();
    expect(world.ledger.balance(AVAILABLE)).toBe(1000n);
    expect((await approve(batch)).state).toBe('approved');
    expect(world.ledger.balance(IN_PAYOUT)).toBe(1000n);
    const file = await world.parts.export.run(batch.id);
    expect(file.sha256).toBe(batch.fileSha256);
    expect(await world.files()).toEqual([`${batch.id}.xml`]);
    expect(await world.payouts()).toEqual([
      { merchant_id: ONE, state: 'exported', amount_minor: '1000' },
    ]);
  });

  it('is the same when every step is repeated', async () => {
    await settle(ONE, 1000n);
    const again = await world.parts.close.begin(ONE);
    expect(again.state).toBe('empty');
    const batch = await prepare();
    expect((await world.parts.prepare.run({ maker: ANNA })).batch).toBeNull();
    await approve(batch);
    await approve(batch);
    await world.parts.export.run(batch.id);
    await world.parts.export.run(batch.id);
    expect((await approve(batch)).state).toBe('exported');
    await world.parts.carryOn.run();
    expect(world.ledger.balance(IN_PAYOUT)).toBe(1000n);
    expect(await world.payouts()).toHaveLength(1);
    expect(await world.said()).toEqual({
      'settlement.closed.v1': 1,
      'payout.approved.v1': 1,
      'payout.exported.v1': 1,
    });
  });

  it('is not made twice by a second run', async () => {
    await world.ledger.pay(ONE, 1000n);
    const first = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(first.paid?.payouts).toHaveLength(1);
    const second = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(second).toEqual({ settlements: [], paid: null, held: [] });
    expect(world.ledger.balance(IN_PAYOUT)).toBe(1000n);
  });

  it('is made once by two runs at once', async () => {
    await world.ledger.pay(ONE, 1000n);
    const run = (): Promise<unknown> => world.parts.run.run({ maker: ANNA, checker: BRAM });
    await Promise.allSettled([run(), run(), run()]);
    await world.parts.carryOn.run();
    await run();
    expect(world.ledger.balance(IN_PAYOUT)).toBe(1000n);
    expect((await world.payouts()).filter(({ state }) => state !== 'refused')).toHaveLength(1);
  });
});

describe('a refund after the close', () => {
  it('refuses the batch that was prepared before it, and the others are paid by the next', async () => {
    await settle(ONE, 1000n);
    await settle(TWO, 700n);
    const batch = await prepare();
    await world.ledger.refundFromAvailable(ONE, 1n);
    expect((await approve(batch)).state).toBe('refused');
    expect(world.ledger.balance(`merchant:${TWO}:available`)).toBe(700n);

    const run = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(run.paid?.payouts.map(({ merchantId }) => merchantId)).toEqual([TWO]);
    expect(run.held).toMatchObject([
      { merchantId: ONE, reason: 'the merchant’s available balance does not bear it' },
    ]);
    expect(world.ledger.balance(`merchant:${TWO}:payout`)).toBe(700n);
    expect(world.ledger.balance(AVAILABLE)).toBe(999n);
  });

  it('makes the merchant’s later settlements wait until the first is borne', async () => {
    const first = await settle(ONE, 1000n);
    await world.ledger.refundFromAvailable(ONE, 300n);
    const second = await settle(ONE, 200n);
    const { batch, held } = await world.parts.prepare.run({ maker: ANNA });
    expect(batch).toBeNull();
    expect(held.map(({ settlementId }) => settlementId)).toEqual([first, second]);
    const third = await settle(ONE, 100n);
    const next = await world.parts.prepare.run({ maker: ANNA });
    expect(next.held.map(({ settlementId }) => settlementId)).toEqual([second, third]);
    expect(await world.payouts()).toMatchObject([{ state: 'prepared', amount_minor: '1000' }]);
  });

  it('counts what another prepared batch will take', async () => {
    await settle(ONE, 1000n);
    await prepare();
    await settle(ONE, 500n);
    await world.ledger.refundFromAvailable(ONE, 1n);
    const { batch, held } = await world.parts.prepare.run({ maker: 'Chloé' });
    expect(batch).toBeNull();
    expect(held).toHaveLength(1);
  });
});

describe('a merchant who cannot be paid', () => {
  it('is left out with the reason, and the others are paid', async () => {
    const sealed = Buffer.from(`payee:${ONE}\0日本`).toString('hex');
    await world.rules(
      `alter table payout.payee disable trigger payee_is_agreed_to;
       update payout.payee set name_sealed = decode('${sealed}', 'hex') where merchant_id = '${ONE}'`,
    );
    await settle(ONE, 1000n);
    await settle(TWO, 700n);
    await settle('1900000003', 300n);
    const run = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(run.paid?.payouts.map(({ merchantId }) => merchantId)).toEqual([TWO]);
    expect(run.held.map(({ merchantId, reason }) => [merchantId, reason])).toEqual([
      [ONE, expect.stringContaining('creditor.name must hold a letter or digit')],
      ['1900000003', 'the merchant has no payee'],
    ]);
  });

  it.each([
    ['name', { name: '日本', iban: IBAN }],
    ['iban', { name: 'Café', iban: 'NL92ABNA0417164300' }],
  ])('is refused at the door for the %s', async (field, payee) => {
    const kept = world.parts.keepPayee.run(
      { merchantId: ONE, ...payee },
      { maker: ANNA, checker: BRAM },
    );
    await expect(kept).rejects.toMatchObject({ code: 'PARAM_ERROR', facts: { field } });
  });
});

describe('a prepared batch', () => {
  it('is taken up by the maker’s next run', async () => {
    await settle(ONE, 1000n);
    const batch = await prepare();
    const run = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(run.paid).toMatchObject({ batch: { id: batch.id, state: 'exported' }, wasLeft: true });
  });

  it('of another maker is left to them', async () => {
    await settle(ONE, 1000n);
    const batch = await prepare();
    const run = await world.parts.run.run({ maker: 'Chloé', checker: BRAM });
    expect(run.paid).toBeNull();
    expect((await world.parts.payouts.batch(batch.id))?.state).toBe('prepared');
  });

  it('gives its settlements back when it is discarded, once or twice', async () => {
    await settle(ONE, 1000n);
    const batch = await prepare();
    await world.parts.discard.run(batch.id);
    await world.parts.discard.run(batch.id);
    await expect(approve(batch)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await approve(await prepare());
    expect(world.ledger.balance(IN_PAYOUT)).toBe(1000n);
  });

  it('cannot be discarded once it is approved', async () => {
    await settle(ONE, 1000n);
    const batch = await prepare();
    await approve(batch);
    await expect(world.parts.discard.run(batch.id)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
  });

  it('is not approved on its day, and the maker’s next run makes a new one', async () => {
    await settle(ONE, 1000n);
    const batch = await prepare();
    world.clock.advance(DAY_MS);
    await expect(approve(batch)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      facts: { rule: expect.stringContaining('discard the batch and prepare anew') },
    });
    const run = await world.parts.run.run({ maker: ANNA, checker: BRAM });
    expect(run.paid?.batch.executionDate).toBe('2026-11-25');
    expect((await world.parts.payouts.batch(batch.id))?.state).toBe('discarded');
  });

  it.each(['Anna', ' anna ', 'ANNA'])(
    'is not approved by its maker, written "%s"',
    async (name) => {
      await settle(ONE, 1000n);
      const { id, fileSha256 } = await prepare();
      const approval = world.parts.approve.run({ batchId: id, checker: name, fileSha256 });
      await expect(approval).rejects.toMatchObject({ code: 'SAME_PERSON' });
    },
  );

  it('is not approved for another file', async () => {
    await settle(ONE, 1000n);
    const { id } = await prepare();
    const fileSha256 = '0'.repeat(64);
    const approval = world.parts.approve.run({ batchId: id, checker: BRAM, fileSha256 });
    await expect(approval).rejects.toMatchObject({ facts: { field: 'file_sha256' } });
  });
});
