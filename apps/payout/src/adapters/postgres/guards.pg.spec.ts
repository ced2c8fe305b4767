import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@stuiver/testing';

const NOT_WHAT_WAS_SETTLED = 'PO001';
const APPROVED_AS_IT_IS = 'PO002';
const NOT_GRANTED = '42501';
const CHECK = '23514';
const UNIQUE = '23505';

/** One closed settlement of €10.00 and one prepared batch; every case ends by rolling back. */
const DAY = `
  insert into payout.settlement (id, merchant_id, state, currency, amount_minor, close_version, from_version,
    lines_total_minor, created_at, closed_at) values
    ('stl_1', '1900000001', 'closed', 'EUR', 1000, 3, 1, 1000, now(), now()),
    ('stl_2', '1900000001', 'closing', 'EUR', null, null, null, null, now(), null);
  insert into payout.batch (id, state, maker, file_sha256, execution_date, created_at)
  values ('pob_1', 'prepared', 'Anna', 'a1', current_date, now());`;

describe('the tables of payouts, as the role of payouts', () => {
  let db: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    db = await testDatabase();
    client = new pg.Client({ connectionString: db.url('payout') });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await db.close();
  });
  beforeEach(async () => {
    await client.query('rollback');
    await client.query('begin');
    await client.query(DAY);
  });

  const pay = (given: object = {}): Promise<unknown> => {
    const row = {
      ...{ id: 'po_1', settlement: 'stl_1', merchant: '1900000001', amount: 1000, currency: 'EUR' },
      ...{ reference: 'STUIVER-1', state: 'prepared' },
      ...given,
    };
    return client.query(
      `insert into payout.payout (id, settlement_id, merchant_id, amount_minor, currency, end_to_end_id, state,
         batch_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
       values ($1, $2, $3, $4, $5, $6, $7, 'pob_1', 'Stuiver', '', '', '4300')`,
      Object.values(row),
    );
  };

  it('take a payout that is its settlement', async () => {
    await expect(pay()).resolves.toBeDefined();
  });

  it.each([
    ['a cent more', { amount: 1001 }],
    ['a cent less', { amount: 999 }],
    ['another merchant', { merchant: '1900000002' }],
    ['another currency', { currency: 'USD' }],
    ['a settlement that is still being closed', { settlement: 'stl_2' }],
    ['a settlement that is not there', { settlement: 'stl_9' }],
  ])('refuse a payout of %s (P1)', async (_what, given) => {
    await expect(pay(given)).rejects.toMatchObject({ code: NOT_WHAT_WAS_SETTLED });
  });

  it('refuse to raise a payout afterwards (P1)', async () => {
    await pay();
    const raised = client.query('update payout.payout set amount_minor = 2000');
    await expect(raised).rejects.toMatchObject({ code: NOT_WHAT_WAS_SETTLED });
  });

  it('pay a settlement out once, and again only when the first payout was refused (P1)', async () => {
    await pay({ state: 'refused' });
    await pay({ id: 'po_2', reference: 'STUIVER-2' });
    const third = pay({ id: 'po_3', reference: 'STUIVER-3' });
    await expect(third).rejects.toMatchObject({ code: UNIQUE });
  });

  it.each(['Anna', 'anna', 'ANNA'])(
    'refuse the maker as checker, written %s (P2)',
    async (name) => {
      const approval = client.query(`update payout.batch set state = 'approving', checker = $1`, [
        name,
      ]);
      await expect(approval).rejects.toMatchObject({ code: CHECK });
    },
  );

  it('approve no batch without a checker (P2)', async () => {
    const approval = client.query(`update payout.batch set state = 'approved'`);
    await expect(approval).rejects.toMatchObject({ code: CHECK });
  });

  it.each([`file_sha256 = 'b2'`, `maker = 'Bram'`, `checker = 'Chloé'`, 'checker = null'])(
    'keep what was approved: not %s (P2)',
    async (change) => {
      await client.query(`update payout.batch set state = 'approving', checker = 'Bram'`);
      const changed = client.query(`update payout.batch set ${change}`);
      await expect(changed).rejects.toMatchObject({ code: APPROVED_AS_IT_IS });
    },
  );

  it('close no statement whose lines do not sum to its amount (P3)', async () => {
    const closed = client.query(
      `update payout.settlement set lines_total_minor = 999 where id = 'stl_1'`,
    );
    await expect(closed).rejects.toMatchObject({ code: CHECK });
  });

  it('hold each version of a pending account once (P3)', async () => {
    const line = `insert into payout.pending_line (merchant_id, version, side, amount_minor, currency, purpose,
      transfer_seq, booked_at) values ('1900000001', 1, 'credit', 1000, 'EUR', 'gross', 1, now())`;
    await client.query(line);
    await expect(client.query(line)).rejects.toMatchObject({ code: UNIQUE });
  });

  it.each([
    ['a second settlement of a merchant at a time', `'closing', null, null, null`],
    ['one close of the ledger twice', `'closed', 1000, 3, 1`],
  ])('refuse %s (P4)', async (_what, values) => {
    const second = client.query(
      `insert into payout.settlement (id, merchant_id, currency, created_at, lines_total_minor, state, amount_minor,
         close_version, from_version) values ('stl_3', '1900000001', 'EUR', now(), 1000, ${values})`,
    );
    await expect(second).rejects.toMatchObject({ code: UNIQUE });
  });

  it.each([
    'delete from payout.payout',
    'delete from payout.settlement',
    'delete from payout.batch',
    'truncate payout.pending_line',
    'select 1 from ledger.transfer',
    'select 1 from people.person',
  ])('are not granted: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
  });
});
