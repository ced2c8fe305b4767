import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Batch } from './ports.js';
import { ANNA, BRAM, ONE, PayoutWorld } from '../testing/payout-world.js';

const CHLOE = 'Chloé';
const HOUR_MS = 3_600_000;
const ABOVE_TIER = 10_000_001n;

let world: PayoutWorld;
beforeEach(async () => {
  world = await PayoutWorld.open();
});
afterEach(() => world.close());

async function prepare(amount: bigint): Promise<Batch> {
  world.clock.advance(1);
  await world.ledger.pay(ONE, amount);
  await world.parts.close.begin(ONE);
  const { batch } = await world.parts.prepare.run({ maker: ANNA });
  if (batch === null) throw new Error('there is something to prepare');
  return batch;
}

async function approve(batch: Batch, checker: string): Promise<string> {
  const { id: batchId, fileSha256 } = batch;
  return (await world.parts.approve.run({ batchId, checker, fileSha256 })).state;
}

async function acts(): Promise<string[]> {
  const rows = await world.database.query<{ act: string }>(
    `select act from payout.audit_entry where act = 'batch-approved' order by no`,
  );
  return rows.map(({ act }) => act);
}

describe('a batch above the amount of two checkers', () => {
  it('waits for the second of them, and moves no money before', async () => {
    const batch = await prepare(ABOVE_TIER);
    expect(await approve(batch, BRAM)).toBe('prepared');
    expect(world.ledger.balance(`merchant:${ONE}:payout`)).toBe(0n);
    const consent = await world.parts.payouts.consentTo(batch.id, world.clock.now());
    expect(consent).toMatchObject({ needed: 2, standing: [{ checker: BRAM }] });
    expect(await approve(batch, CHLOE)).toBe('approved');
    expect(world.ledger.balance(`merchant:${ONE}:payout`)).toBe(ABOVE_TIER);
    expect(await acts()).toHaveLength(2);
  });

  it('takes one person twice as one', async () => {
    const batch = await prepare(ABOVE_TIER);
    await approve(batch, BRAM);
    expect(await approve(batch, 'BRAM')).toBe('prepared');
    await expect(approve(batch, ANNA)).rejects.toMatchObject({ code: 'SAME_PERSON' });
    expect(await acts()).toHaveLength(1);
  });

  it('is approved by two at once as by one after the other', async () => {
    const batch = await prepare(ABOVE_TIER);
    await Promise.all([approve(batch, BRAM), approve(batch, CHLOE)]);
    expect(await approve(batch, BRAM)).toBe('approved');
    expect(world.ledger.balance(`merchant:${ONE}:payout`)).toBe(ABOVE_TIER);
    expect(await acts()).toHaveLength(2);
  });

  it('begins anew when the first approval expired', async () => {
    await world.rules('update payout.four_eyes set approval_hours = 2');
    const batch = await prepare(ABOVE_TIER);
    await approve(batch, BRAM);
    world.clock.advance(3 * HOUR_MS);
    expect(await approve(batch, CHLOE)).toBe('prepared');
    expect(await approve(batch, BRAM)).toBe('approved');
  });
});

describe('a batch of the amount itself', () => {
  it('needs one checker', async () => {
    expect(await approve(await prepare(ABOVE_TIER - 1n), BRAM)).toBe('approved');
  });

  it('needs two where the owner of the database says so', async () => {
    await world.rules(`update payout.approval_tier set above_minor = 0 where currency = 'EUR'`);
    expect(await approve(await prepare(1n), BRAM)).toBe('prepared');
  });
});

describe('a batch above what the paying account has', () => {
  beforeEach(() => {
    world.prefunding = 'approved';
    world.restart();
  });

  const prefund = (batch: Batch, by: string): Promise<void> => {
    const { id: batchId, fileSha256 } = batch;
    return world.parts.prefund.run({ batchId, fileSha256, by: { id: by, name: null } });
  };

  it('goes out when another person said by name that it may', async () => {
    const batch = await prepare(1000n);
    const refused = { facts: { why: 'prefunding-needed', missingMinor: '1000' } };
    await expect(approve(batch, BRAM)).rejects.toMatchObject(refused);
    await expect(prefund(batch, ANNA)).rejects.toMatchObject({ code: 'SAME_PERSON' });
    await prefund(batch, CHLOE);
    await prefund(batch, CHLOE);
    expect(await approve(batch, BRAM)).toBe('approved');
    const [row] = await world.database.query(
      'select shortfall_minor, prefunding from payout.batch',
    );
    expect(row).toEqual({ shortfall_minor: '1000', prefunding: 'approved' });
  });

  it('does not count what other batches will take', async () => {
    world.prefunding = 'allowed';
    world.restart();
    const first = await prepare(1000n);
    await approve(first, BRAM);
    const second = await prepare(700n);
    expect((await world.parts.funds.shortfallOf(second.id)).minor).toBe(1700n);
  });

  it('is refused by the database too', async () => {
    const batch = await prepare(1000n);
    await world.database.query(
      `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
       values ('batch', $1, $2, 'Bram', now(), now() + interval '1 hour')`,
      [batch.id, batch.fileSha256],
    );
    const begun = world.database.query(
      `update payout.batch set state = 'approving', checker = 'Bram', approving_at = now(),
         shortfall_minor = 1000, prefunding = 'approved'`,
    );
    await expect(begun).rejects.toMatchObject({ code: 'PO008' });
  });
});
