import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresAuditTrail, verifyAuditTrail } from '@stuiver/audit';
import type { Database } from '@stuiver/postgres';
import pg from 'pg';
import { PostgresPriceLists } from '../../adapters/postgres/price-lists.js';
import type { PriceLine } from '../../domain/price-list.js';
import { MCHID, OrderWorld, refusalOf } from '../../testing/order-world.js';
import { DecidePrices } from './decide-prices.js';
import type { PriceVersion } from './price-list-ports.js';
import { ProposePrices } from './propose-prices.js';

const HOUR_MS = 3_600_000;
const LINE: PriceLine = {
  ...{ method: 'default', basisPoints: '100', fixedMinor: 20n, minimumMinor: 0n, capMinor: null },
  vat: { reason: 'exempt', percent: '0' },
};
const WITH_VAT: PriceLine = {
  ...{ ...LINE, method: 'wallet', basisPoints: '0', fixedMinor: 100n },
  vat: { reason: 'standard', percent: '21' },
};

let world: OrderWorld;
let database: Database;
let lists: PostgresPriceLists;
let propose: ProposePrices;
let decide: DecidePrices;

beforeAll(async () => {
  world = await OrderWorld.open();
  database = await world.database.open('orders');
  lists = new PostgresPriceLists(database, new PostgresAuditTrail('orders', world.clock));
  propose = new ProposePrices(lists, world);
  decide = new DecidePrices(lists, world.clock);
}, 60_000);
afterAll(async () => {
  await world.close();
});

function proposal(over: Partial<Parameters<ProposePrices['run']>[0]> = {}) {
  const validFrom = new Date(world.clock.now().getTime() + HOUR_MS);
  return {
    list: 'standard',
    validFrom,
    lines: [LINE],
    onRefund: 'kept',
    maker: 'Anna',
    ...over,
  } as const;
}

async function inForce(over: Partial<Parameters<ProposePrices['run']>[0]>): Promise<PriceVersion> {
  const version = await propose.run(proposal(over));
  await decide.run({ versionId: version.id, kind: 'approved', checker: 'Ben' });
  world.clock.advance(HOUR_MS);
  return version;
}

async function paidFee(): Promise<{ fee: string; vat: string; version: string | null }> {
  const { userId } = await world.payer();
  const { attemptId } = await world.sheet(userId);
  await world.confirm(attemptId, userId, 'wallet');
  const [row] = await world.query<{ fee: string; vat: string; version: string | null }>(
    `select a.fee_minor as fee, a.fee_vat_minor as vat, a.price_version_id as version
     from orders.attempt a where a.id = $1`,
    [attemptId],
  );
  if (row === undefined) throw new Error('the attempt is there');
  return row;
}

describe('a price list', () => {
  it('prices what is confirmed from its moment on, a merchant’s own before the standard one', async () => {
    expect(await paidFee()).toEqual({ fee: '19', vat: '0', version: null });
    const standard = await inForce({});
    expect(await paidFee()).toEqual({ fee: '30', vat: '0', version: standard.id });
    const own = await inForce({ list: MCHID, lines: [LINE, WITH_VAT] });
    expect(await paidFee()).toEqual({ fee: '121', vat: '21', version: own.id });
    const dearer = await inForce({ lines: [{ ...LINE, fixedMinor: 30n }] });
    expect((await paidFee()).version).toBe(own.id);
    expect((await lists.inForce('1900000099', world.clock.now()))?.versionId).toBe(dearer.id);
    expect((await verifyAuditTrail(database, 'orders')).finding).toBeNull();
  });

  it('is proposed once, decided once, and approved by another person', async () => {
    const asked = proposal();
    const version = await propose.run(asked);
    expect((await propose.run(asked)).id).toBe(version.id);
    const versionId = version.id;
    const byMaker = decide.run({ versionId, kind: 'approved', checker: 'anna' });
    expect(await refusalOf(byMaker)).toBe('SAME_PERSON');
    const approve = () => decide.run({ versionId, kind: 'approved', checker: 'Ben' });
    await Promise.all([approve(), approve()]);
    const reject = decide.run({ versionId, kind: 'rejected', checker: 'Ben' });
    expect(await refusalOf(reject)).toBe('STATE_CONFLICT');
    const twin = await propose.run({ ...asked, maker: 'Carla' });
    const second = decide.run({ versionId: twin.id, kind: 'approved', checker: 'Ben' });
    expect(await refusalOf(second)).toBe('STATE_CONFLICT');
    await decide.run({ versionId: twin.id, kind: 'rejected', checker: 'Carla' });
  });

  it('never begins in the past, and belongs to a merchant that is there', async () => {
    const now = world.clock.now();
    expect(await refusalOf(propose.run(proposal({ validFrom: now })))).toBe('PARAM_ERROR');
    expect(await refusalOf(propose.run(proposal({ list: '1900000099' })))).toBe('NOT_FOUND');
    const late = await propose.run(proposal({ list: MCHID }));
    world.clock.advance(HOUR_MS);
    const approved = decide.run({ versionId: late.id, kind: 'approved', checker: 'Ben' });
    expect(await refusalOf(approved)).toBe('PARAM_ERROR');
  });
});

describe('the database, whoever asks', () => {
  const decision = (over: string): string =>
    `insert into orders.price_decision (version_id, list, valid_from, maker, decision, checker, decided_at)
     select v.id, v.list, v.valid_from, v.maker, 'approved', ${over} from orders.price_version v where v.id = $1`;

  it('refuses a maker who approves, and an approval that comes too late', async () => {
    const { id } = await propose.run(proposal({ list: MCHID, maker: 'Dirk' }));
    const at = world.clock.now().toISOString();
    await expect(world.query(decision(`' DIRK', '${at}'`), [id])).rejects.toThrow('price_decision');
    const own = world.query(decision(`'dirk', '${at}'`), [id]);
    await expect(own).rejects.toThrow('prices_are_approved_by_another');
    const late = world.query(decision(`'Ben', v.valid_from`), [id]);
    await expect(late).rejects.toThrow('prices_are_approved_ahead');
  });

  it('refuses to change a version, its decision, or the fee of a payment, also to the owner', async () => {
    const admin = new pg.Client({ connectionString: world.database.adminUrl });
    await admin.connect();
    try {
      for (const sql of [
        `update orders.price_version set lines = '[]'`,
        'delete from orders.price_version',
        `update orders.price_decision set checker = 'Eva'`,
        'delete from orders.price_decision',
      ]) {
        await expect(world.query(sql)).rejects.toThrow('permission denied');
        await expect(admin.query(sql)).rejects.toThrow('stays as it was written');
      }
      const cheaper =
        'update orders.attempt set fee_minor = 1, fee_vat_minor = 0 where fee_minor > 1';
      await expect(admin.query(cheaper)).rejects.toThrow('the fee of a confirmed payment stays');
    } finally {
      await admin.end();
    }
  });

  it('refuses a confirm at other prices than those in force', async () => {
    const { userId } = await world.payer();
    const { attemptId } = await world.sheet(userId);
    const confirm = world.query(
      `update orders.attempt set state = 'confirming', method = 'wallet', fee_minor = 1, confirmed_at = $2, ask_at = $2
       where id = $1`,
      [attemptId, world.clock.now()],
    );
    await expect(confirm).rejects.toThrow('a fee is that of the price list in force');
  });

  it.each([
    ['none', []],
    ['no default', [{ method: 'card' }]],
    ['two of a method', [{}, {}]],
    ['a fraction of a cent', [{ fixedMinor: '0.5' }]],
    ['a number for an amount', [{ capMinor: 5 }, { method: 'card', capMinor: '-1' }]],
    ['a cap under the minimum', [{ minimumMinor: '9', capMinor: '8' }]],
    ['VAT on what is exempt', [{ vat: { reason: 'exempt', percent: '21' } }]],
    ['no VAT where it is charged', [{ vat: { reason: 'standard', percent: '0' } }]],
    ['no VAT at all', [{ vat: null }]],
  ])('refuses lines with %s', async (_name, lines) => {
    const whole = {
      ...{
        method: 'default',
        basisPoints: '1',
        fixedMinor: '0',
        minimumMinor: '0',
        capMinor: null,
      },
      vat: { reason: 'exempt', percent: '0' },
    };
    const written = JSON.stringify(lines.map((line) => ({ ...whole, ...line })));
    const insert = world.query(
      `insert into orders.price_version (id, list, valid_from, on_refund, lines, maker, made_at)
       values ('prl_' || repeat('0', 26), 'standard', now(), 'kept', $1, 'Anna', now())`,
      [written],
    );
    await expect(insert).rejects.toThrow('price_lines_hold');
  });
});
