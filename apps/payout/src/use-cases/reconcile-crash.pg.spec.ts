import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerCommand } from '@stuiver/contracts';
import { Bank } from '../testing/bank.js';
import { euros } from '../testing/memory-psp.js';
import { ANNA, ONE, PayoutWorld, TWO } from '../testing/payout-world.js';

let world: PayoutWorld;
let bank: Bank;
beforeEach(async () => {
  world = await PayoutWorld.open();
  bank = new Bank();
  given = 0;
});
afterEach(() => world.close());

const reconcile = (): Promise<void> => world.parts.recon.reconcile.run();

/** How often the ledger booked each kind since the payouts were given to the bank. */
function booked(): Partial<Record<LedgerCommand['kind'], number>> {
  const counts: Partial<Record<LedgerCommand['kind'], number>> = {};
  for (const { kind } of world.ledger.posted.slice(given)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
let given = 0;

/** Two payouts at the bank, and a statement in which one is paid, one is paid and comes back, and one line is unknown. */
async function atTheBank(): Promise<Buffer> {
  await world.ledger.pay(ONE, 1000n);
  await world.ledger.pay(TWO, 700n);
  const payouts = await world.payOut();
  given = world.ledger.posted.length;
  const two = payouts(TWO).endToEndId;
  return bank.day('2026-11-24', [
    { amount: -1000n, endToEndId: payouts(ONE).endToEndId },
    { amount: -700n, endToEndId: two },
    { amount: 700n, endToEndId: two, returnReason: 'AC04' },
    { amount: 5n, remittance: 'found' },
  ]);
}

async function statesByMerchant(): Promise<[string, string][]> {
  return (await world.payouts()).map((payout) => [payout.merchant_id, payout.state]);
}

async function expectBookedOnce(): Promise<void> {
  expect(booked()).toEqual({ 'payout-settle': 2, 'payout-return': 1, 'bank-line-unplaced': 1 });
  expect(Object.fromEntries(await statesByMerchant())).toEqual({
    [ONE]: 'settled',
    [TWO]: 'returned',
  });
  expect(world.ledger.balance('bank:main')).toBe(-995n);
  expect(await world.said()).toMatchObject({
    'payout.settled.v1': 2,
    'payout.returned.v1': 1,
  });
  expect(await world.openItems()).toMatchObject({
    'bank-line-without-match': [expect.stringMatching(/^bank-line:/)],
  });
}

describe('a power cut while a statement is worked on', () => {
  it.each([
    'payout.statement-imported',
    'payout.line-matched',
    'payout.line-left-open',
    'payout.recorded-booked',
    'payout.booking-remembered',
  ])('at %s books everything once', async (point) => {
    const content = await atTheBank();
    world.crash.at = point;
    const work = async (): Promise<void> => {
      await world.parts.recon.importStatement.run({ content, by: ANNA });
      await reconcile();
    };
    await expect(work()).rejects.toThrow(point);
    world.restart();
    await work();
    await expectBookedOnce();
    await work();
    await expectBookedOnce();
  });
});

describe('a lost answer of the ledger', () => {
  it.each<LedgerCommand['kind']>(['payout-settle', 'payout-return', 'bank-line-unplaced'])(
    'to %s is asked for again, and booked once',
    async (kind) => {
      const content = await atTheBank();
      await world.parts.recon.importStatement.run({ content, by: ANNA });
      world.ledger.loseAnswerTo(kind);
      await expect(reconcile()).rejects.toThrow('the answer is lost');
      world.restart();
      await reconcile();
      await expectBookedOnce();
    },
  );

  it('to a rejection leaves it recorded, and the carry-on books it', async () => {
    await world.ledger.pay(ONE, 1000n);
    const { id: payoutId } = (await world.payOut())(ONE);
    const reject = (): Promise<void> => world.parts.recon.reject.run({ payoutId, code: 'AC01' });
    world.ledger.loseAnswerTo('payout-return');
    await expect(reject()).rejects.toThrow('the answer is lost');
    expect(await world.payouts()).toMatchObject([{ state: 'exported' }]);
    world.restart();
    await reconcile();
    await reject();
    expect(await world.payouts()).toMatchObject([{ state: 'rejected' }]);
    expect(world.ledger.balance(`merchant:${ONE}:available`)).toBe(1000n);
    expect((await world.said())['payout.rejected.v1']).toBe(1);
  });
});

describe('two at once', () => {
  it('import a statement once, and book its lines once', async () => {
    const content = await atTheBank();
    const work = async (): Promise<void> => {
      await world.parts.recon.importStatement.run({ content, by: ANNA });
      await reconcile();
    };
    await Promise.all([work(), work(), work()]);
    await reconcile();
    await expectBookedOnce();
  });

  it('reject a payout or see it paid, never both', async () => {
    await world.ledger.pay(ONE, 1000n);
    const { id: payoutId, endToEndId } = (await world.payOut())(ONE);
    const content = bank.day('2026-11-24', [{ amount: -1000n, endToEndId }]);
    await world.parts.recon.importStatement.run({ content, by: ANNA });
    await Promise.allSettled([
      world.parts.recon.reject.run({ payoutId, code: 'AC01' }),
      reconcile(),
    ]);
    await reconcile();
    const [{ state } = { state: '' }] = await world.payouts();
    expect(['settled', 'rejected']).toContain(state);
    const { 'payout.settled.v1': settled = 0, 'payout.rejected.v1': rejected = 0 } =
      await world.said();
    expect(settled + rejected).toBe(1);
    expect((await world.parts.recon.tieOut.run()).explained).toBe(true);
  });
});

describe('the PSP’s account', () => {
  beforeEach(() => {
    world.psp.happen({ kind: 'payment', amount: 5000n, fee: 30n, reference: 'att_1' });
  });

  it.each([
    'payout.psp-page-imported',
    'payout.psp-payout-recorded',
    'payout.psp-payout-asked',
    'payout.recorded-booked',
  ])('is followed and paid out once after a power cut at %s', async (point) => {
    world.crash.at = point;
    const work = async (): Promise<void> => {
      await world.parts.recon.psp?.payOut.run({ amount: euros(4000n), by: ANNA });
      await reconcile();
    };
    await expect(work()).rejects.toThrow(point);
    world.restart();
    await reconcile();
    await reconcile();
    const sent = point === 'payout.psp-payout-asked' || point === 'payout.psp-payout-recorded';
    if (sent) expect(world.psp.happened.filter(({ kind }) => kind === 'payout')).toHaveLength(1);
    expect(world.ledger.balance('psp:stripe:transit')).toBe(4000n);
    expect(world.ledger.balance('fees:psp')).toBe(30n);
    expect(booked()).toMatchObject({ 'psp-fee': 1, 'psp-payout': 1 });
  });

  it('is asked again with the same key when the answer of a payout is lost', async () => {
    world.psp.loseNextAnswer();
    const asked = await world.parts.recon.psp?.payOut.run({ amount: euros(4000n), by: ANNA });
    expect(asked?.state).toBe('requested');
    const second = world.parts.recon.psp?.payOut.run({ amount: euros(1n), by: ANNA });
    await expect(second).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await reconcile();
    expect(world.psp.happened.filter(({ kind }) => kind === 'payout')).toHaveLength(1);
    const [row] = await world.database.query('select state from payout.psp_payout_request');
    expect(row).toEqual({ state: 'sent' });
  });

  it('refuses what is not there, and that is known', async () => {
    const asked = world.parts.recon.psp?.payOut.run({ amount: euros(9000n), by: ANNA });
    await expect(asked).rejects.toMatchObject({ code: 'PSP_REFUSED' });
    await reconcile();
    const [row] = await world.database.query('select state from payout.psp_payout_request');
    expect(row).toEqual({ state: 'refused' });
  });

  it('takes a payout back that failed', async () => {
    const pspReference = await world.takeFromPsp(4000n);
    await reconcile();
    world.psp.happen({ kind: 'payout-failure', amount: 4000n, pspReference });
    await reconcile();
    expect(world.ledger.balance('psp:stripe:transit')).toBe(0n);
    expect(Object.keys(await world.openItems())).toEqual(['psp-transaction-without-booking']);
    expect((await world.parts.recon.tieOut.run()).explained).toBe(true);
  });

  it('is not believed when its balance is not the sum of its transactions', async () => {
    world.psp.miscount = 7n;
    const soon = await world.parts.recon.tieOut.run();
    expect(soon.explained).toBe(true);
    expect(soon.rows[0]?.outside.label).toBe('held by the PSP, 0.07 not listed yet');
    world.clock.advance(2 * 60_000);
    const { explained, rows } = await world.parts.recon.tieOut.run();
    expect(explained).toBe(false);
    expect(rows[0]?.outside.amount).toEqual(euros(4977n));
    const [kept] = await world.database.query(
      'select explained, unexplained_minor from payout.tie_out',
    );
    expect(kept).toEqual({ explained: false, unexplained_minor: '7' });
    world.psp.miscount = 0n;
    expect((await world.parts.recon.tieOut.run()).explained).toBe(true);
    const [after] = await world.database.query(
      'select explained, unexplained_minor, unexplained_max_minor from payout.tie_out',
    );
    expect(after).toEqual({
      ...{ explained: true, unexplained_minor: '0', unexplained_max_minor: '7' },
    });
  });
});

describe('a statement', () => {
  const imported = (content: Buffer): Promise<unknown> =>
    world.parts.recon.importStatement.run({ content, by: ANNA });

  it('is refused with a gap before it, and taken once the gap is filled', async () => {
    const monday = bank.day('2026-11-23', [{ amount: 10n }]);
    const tuesday = bank.day('2026-11-24', [{ amount: 10n }]);
    const wednesday = bank.day('2026-11-25', [{ amount: 10n }]);
    await imported(monday);
    await expect(imported(wednesday)).rejects.toMatchObject({
      code: 'PARAM_ERROR',
      facts: { field: 'ElctrncSeqNb' },
    });
    await imported(tuesday);
    await imported(wednesday);
    expect((await world.parts.recon.tieOut.run()).explained).toBe(true);
  });

  it('of another account is refused', async () => {
    const foreign = bank.day('2026-11-24', [], { iban: 'NL91ABNA0417164300' });
    await expect(imported(foreign)).rejects.toMatchObject({ code: 'PARAM_ERROR' });
  });

  it('that begins with money puts that on the books, and says so', async () => {
    bank = new Bank(5000n);
    await imported(bank.day('2026-11-24', [{ amount: -1n }]));
    const { explained, rows } = await world.parts.recon.tieOut.run();
    expect(explained).toBe(true);
    expect(rows.at(-1)?.ledger.amount).toEqual(euros(4999n));
    const [item] = await world.database.query<{ explanation: string }>(
      'select explanation from payout.open_item where amount_minor = 5000',
    );
    expect(item?.explanation).toBe('what was on the account before the first statement');
  });

  it('is kept sealed, and nothing that names a person is in the clear', async () => {
    await imported(bank.day('2026-11-24', [{ amount: 10n, remittance: 'happy birthday' }]));
    const rows = await world.database.query<{ text: string }>(
      `select to_jsonb(l)::text as text from payout.bank_line l`,
    );
    expect(JSON.stringify(rows)).not.toContain('happy birthday');
  });

  it('places a line later, when what it is becomes known', async () => {
    world.psp.happen({ kind: 'payment', amount: 400n, reference: 'att_9' });
    await imported(bank.day('2026-11-24', [{ amount: 400n, remittance: 'PAYOUT PO-BANK1' }]));
    await reconcile();
    expect(world.ledger.balance('suspense:bank-line')).toBe(400n);
    await world.parts.recon.psp?.payOut.run({ amount: euros(400n), by: ANNA });
    await reconcile();
    expect(world.ledger.balance('suspense:bank-line')).toBe(0n);
    expect(world.ledger.balance('bank:main')).toBe(400n);
    expect(world.ledger.balance('psp:stripe:transit')).toBe(0n);
  });
});
