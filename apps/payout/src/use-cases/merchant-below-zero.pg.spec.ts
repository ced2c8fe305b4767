import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LedgerCommand } from '@stuiver/contracts';
import { ONE, PayoutWorld, TWO } from '../testing/payout-world.js';

const WALLET = 'user:usr_a:wallet';

describe('a merchant from whom more was taken back than came in', () => {
  let world: PayoutWorld;
  beforeAll(async () => {
    world = await PayoutWorld.open();
  }, 60_000);
  afterAll(() => world.close());

  const takeBack = (merchantId: string, amountMinor: string): Promise<unknown> =>
    world.ledger.submit({
      ...{ kind: 'dispute-withdrawal', id: crypto.randomUUID(), merchantId, amountMinor },
      ...{ effectiveAt: world.ledger.effectiveAt, disputeId: 'dp_1', psp: 'stripe' },
      currency: 'EUR',
    } as unknown as LedgerCommand);
  const owing = async () => {
    await world.parts.recon.items.refresh(world.clock.now());
    return world.database.query<{ subject: string; amount_minor: string; since: Date }>(
      `select subject, amount_minor, since from payout.open_item
       where kind = 'merchant-below-zero' and resolved_at is null order by subject`,
    );
  };

  it('is an exception of its own since the line that took it below zero', async () => {
    world.ledger.effectiveAt = '2026-11-20T10:00:00.000Z';
    await world.ledger.pay(ONE, 500n, null, WALLET);
    await world.ledger.pay(TWO, 500n, null, WALLET);
    await takeBack(TWO, '500');
    expect(await owing()).toEqual([]);
    world.ledger.effectiveAt = '2026-11-21T10:00:00.000Z';
    await takeBack(ONE, '700');
    world.ledger.effectiveAt = '2026-11-22T10:00:00.000Z';
    await takeBack(ONE, '50');
    expect(await owing()).toEqual([
      {
        ...{ subject: `merchant:${ONE}`, amount_minor: '-250' },
        since: new Date('2026-11-21T10:00:00.000Z'),
      },
    ]);
  });

  it('needs somebody after five business days, and moves no equation', async () => {
    const [item] = await world.database.query<{ due_at: Date; bank_minor: string }>(
      `select due_at, bank_minor from payout.open_item where kind = 'merchant-below-zero' and resolved_at is null`,
    );
    expect(item).toEqual({ due_at: new Date('2026-11-27T23:00:00.000Z'), bank_minor: '0' });
  });

  it('is settled with nothing until sales made up for it, and then it is over', async () => {
    await expect(world.parts.close.begin(ONE)).resolves.toMatchObject({ state: 'empty' });
    await world.ledger.pay(ONE, 300n, null, WALLET);
    expect(await owing()).toEqual([]);
    world.clock.advance(1);
    const settled = await world.parts.close.begin(ONE);
    expect([settled.state, settled.amount?.minor]).toEqual(['closed', 50n]);
  });
});
