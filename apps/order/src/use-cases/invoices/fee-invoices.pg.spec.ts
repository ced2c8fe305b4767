import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresAuditTrail } from '@stuiver/audit';
import { invariant } from '@stuiver/errors';
import pg from 'pg';
import { PostgresFeeInvoices } from '../../adapters/postgres/fee-invoices.js';
import { PostgresPriceLists } from '../../adapters/postgres/price-lists.js';
import { invoiceLines, invoiceNumber, sumOf } from '../../domain/fee-invoice.js';
import type { PriceLine } from '../../domain/price-list.js';
import { MCHID, OrderWorld, refusalOf } from '../../testing/order-world.js';
import { DecidePrices } from '../prices/decide-prices.js';
import { ProposePrices } from '../prices/propose-prices.js';
import { IssueFeeInvoices } from './issue-fee-invoices.js';

const HOUR_MS = 3_600_000;
const ISSUER = 'Stuiver BV, Damrak 1, Amsterdam, NL001234567B01';
const TAXED: PriceLine = {
  ...{ method: 'default', basisPoints: '100', fixedMinor: 10n, minimumMinor: 0n, capMinor: null },
  vat: { reason: 'standard', percent: '21' },
};

let world: OrderWorld;
let invoices: PostgresFeeInvoices;
let issue: IssueFeeInvoices;
let month: string;

beforeAll(async () => {
  world = await OrderWorld.open();
  const database = await world.database.open('orders');
  const trail = new PostgresAuditTrail('orders', world.clock);
  invoices = new PostgresFeeInvoices(database, trail);
  issue = new IssueFeeInvoices(invoices, { clock: world.clock, issuer: ISSUER });
  const lists = new PostgresPriceLists(database, trail);
  await advanceTo(12);
  month = monthNow();
  await pay('wallet');
  await pay('ideal');
  const proposal = { list: 'standard', lines: [TAXED], onRefund: 'kept', maker: 'Anna' } as const;
  const validFrom = new Date(world.clock.now().getTime() + HOUR_MS);
  const { id } = await new ProposePrices(lists, world).run({ ...proposal, validFrom });
  await new DecidePrices(lists, world.clock).run({
    versionId: id,
    kind: 'approved',
    checker: 'Ben',
  });
  world.clock.advance(HOUR_MS);
  await pay('wallet');
  await pay('wallet');
  await world.settle();
}, 120_000);
afterAll(async () => {
  await world.close();
});

function monthNow(): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ year: 'numeric', month: '2-digit', timeZone: 'Europe/Amsterdam' },
  });
  return format.format(world.clock.now());
}

/** To this day of the coming month. */
async function advanceTo(day: number): Promise<void> {
  const now = world.clock.now();
  const then = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, day, 12);
  world.clock.advance(then - now.getTime());
  await world.settle();
}

async function pay(method: 'wallet' | 'ideal'): Promise<void> {
  const { userId } = await world.payer();
  const { attemptId } = await world.sheet(userId);
  await world.confirm(attemptId, userId, method);
  if (method === 'wallet') return;
  world.psp.settle(attemptId, 'succeeded');
  await world.parts.takePspWebhook.run(world.psp.webhookOf(world.psp.paymentOf(attemptId)));
  await world.settle();
}

describe('fee invoices', () => {
  it('are made when the month is over, once, and sum to what the ledger was told', async () => {
    expect(await refusalOf(issue.run(month))).toBe('PARAM_ERROR');
    await advanceTo(1);
    const [one, other] = await Promise.all([issue.run(month), issue.run(month)]);
    const made = [...one.made, ...other.made];
    expect(new Set(made.map(invoiceNumber)).size).toBe(1);
    const [invoice] = made;
    invariant(invoice !== undefined, 'one was made');
    expect([invoice.no, invoice.issuer]).toEqual([1, ISSUER]);
    const said = invoice.lines.map(({ method, vat, count, net, tax }) => [
      ...[method, vat.reason, count, net.minor, tax.minor],
    ]);
    expect(said).toEqual([
      ['ideal', 'exempt', 1n, 19n, 0n],
      ['wallet', 'exempt', 1n, 19n, 0n],
      ['wallet', 'standard', 2n, 40n, 8n],
    ]);
    const told = world.ledger.posted.flatMap((command) =>
      command.kind === 'payment' ? [BigInt(command.feeMinor)] : [],
    );
    const booked = told.reduce((sum, fee) => sum + fee, 0n);
    expect(invoice.net.plus(invoice.tax).minor).toBe(booked);
    expect((await issue.run(month)).made).toEqual([]);
    expect(await invoices.list({ mchid: MCHID, month: null })).toHaveLength(1);
  });

  it('leave no gap when one could not be made, and stay', async () => {
    const next = monthNow();
    await pay('wallet');
    await advanceTo(1);
    const broken = invoices.run(async (writes) => {
      const there = await invoices.list({ mchid: MCHID, month });
      const [invoice] = there;
      invariant(invoice !== undefined, 'the first is there');
      await writes.insert({ ...invoice, month: next, issuedAt: world.clock.now() });
    });
    await expect(broken).rejects.toThrow('an invoice sums to the fees of its month');
    const cut = invoices.run(async (writes) => {
      await writes.lockGroups(MCHID, next);
      await writes.find(MCHID, next);
      await issueInside(writes, next);
      throw new Error('power cut');
    });
    await expect(cut).rejects.toThrow('power cut');
    const { made } = await issue.run(next);
    const all = await invoices.list({ mchid: MCHID, month: null });
    const years = new Set(all.map(({ year }) => year));
    for (const year of years) {
      const numbers = all.filter((each) => each.year === year).map(({ no }) => no);
      expect(numbers).toEqual(numbers.map((_no, index) => numbers.length - index));
    }
    expect(made).toHaveLength(1);
    const admin = new pg.Client({ connectionString: world.database.adminUrl });
    await admin.connect();
    try {
      const sql = 'update orders.fee_invoice set vat_minor = 0';
      await expect(world.query(sql)).rejects.toThrow('permission denied');
      await expect(admin.query(sql)).rejects.toThrow('stays as it was made');
      await expect(world.query('select last from orders.fee_invoice_year')).rejects.toThrow(
        'permission denied',
      );
    } finally {
      await admin.end();
    }
  });
});

async function issueInside(
  writes: Parameters<Parameters<PostgresFeeInvoices['run']>[0]>[0],
  of: string,
): Promise<void> {
  const lines = invoiceLines(await writes.lockGroups(MCHID, of));
  await writes.insert({
    ...{ issuer: null, mchid: MCHID, month: of, issuedAt: world.clock.now(), lines },
    ...sumOf(lines),
  });
}
