import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refusal } from '@stuiver/errors';
import { assemblePayout, type PayoutParts } from '../assemble.js';
import { MemoryPsp } from '../testing/memory-psp.js';
import type { TieOutRow } from './recon-ports.js';
import { ANNA, ONE, PayoutWorld } from '../testing/payout-world.js';

const ACCT = `psp:stripe:acct:${ONE}`;
let world: PayoutWorld;
let connected: MemoryPsp;
let parts: PayoutParts;

beforeAll(async () => {
  world = await PayoutWorld.open();
  connected = new MemoryPsp(() => world.clock.now());
  const one = {
    ...{ merchantId: ONE, account: 'acct_1', balance: () => connected.balance() },
    transactions: (page: { after: string | null; limit: number }) => connected.transactions(page),
  };
  parts = assemblePayout({
    ...world.options,
    ...{ moneyMode: 'psp-held', merchantAccounts: { list: () => Promise.resolve([one]) } },
  });
});
afterAll(async () => {
  await world.close();
});

function booked(kind: string): number {
  return world.ledger.posted.filter((command) => command.kind === kind).length;
}

describe('where the PSP pays the merchants', () => {
  it('its payout and the failure of one are booked once each, whatever is seen again', async () => {
    connected.happen({ kind: 'payment', amount: 1_000n, fee: 19n });
    const pspReference = 'po_1';
    connected.happen({ kind: 'payout', amount: -981n, pspReference });
    await parts.recon.reconcile.run();
    await parts.recon.reconcile.run();
    expect(booked('psp-merchant-payout')).toBe(1);
    expect(world.ledger.balance(ACCT)).toBe(-981n);

    connected.happen({ kind: 'payout-failure', amount: 981n, pspReference });
    await parts.recon.reconcile.run();
    expect(booked('psp-merchant-payout-failure')).toBe(1);
    expect(world.ledger.balance(ACCT)).toBe(0n);
  });

  it('what the PSP holds for merchants must be what the ledger says, in ten minutes at the latest', async () => {
    const row = async (): Promise<TieOutRow | undefined> =>
      (await parts.recon.tieOut.run()).rows.find(({ name }) => name === 'psp-accounts');
    // A payment that Order has not told of.
    expect(await row()).toMatchObject({ explained: { minor: 981n } });
    world.clock.advance(11 * 60_000);
    expect(await row()).toMatchObject({
      outside: { amount: { minor: 981n } },
      explained: { minor: 0n },
    });

    await world.ledger.submit({
      ...{ kind: 'payment', id: '00000000-0000-4000-8000-0000000000aa', attemptId: 'att_1' },
      ...{ effectiveAt: '2026-11-23T10:00:00.000Z', orderId: 'ord_1', merchantId: ONE },
      ...{ funds: { kind: 'psp', psp: 'stripe', account: ONE }, currency: 'EUR' },
      ...{ amountMinor: '1000', feeMinor: '19' },
    });
    expect(await row()).toMatchObject({ ledger: { amount: { minor: 981n } } });
  });

  it('no bank file is prepared', async () => {
    const prepared = await parts.prepare.run({ maker: ANNA }).catch((error: unknown) => error);
    expect(prepared instanceof Refusal && prepared.code).toBe('NOT_OFFERED');
    expect(await parts.run.run({ maker: ANNA, checker: 'Bram' })).toMatchObject({ paid: null });
  });
});
