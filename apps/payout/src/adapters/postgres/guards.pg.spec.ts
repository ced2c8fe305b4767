import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@stuiver/testing';

const NOT_WHAT_WAS_SETTLED = 'PO001';
const APPROVED_AS_IT_IS = 'PO002';
const ONLY_FORWARD = 'PO003';
const NOT_AGREED = 'PO008';
const NOT_GRANTED = '42501';
const CHECK = '23514';
const UNIQUE = '23505';
const FILE = 'a1'.repeat(32);

/** One closed settlement of €10.00 and one prepared batch; every case ends by rolling back. */
const DAY = `
  insert into payout.settlement (id, merchant_id, state, currency, amount_minor, close_version, from_version,
    lines_total_minor, created_at, closed_at) values
    ('stl_1', '1900000001', 'closed', 'EUR', 1000, 3, 1, 1000, now(), now()),
    ('stl_2', '1900000001', 'closing', 'EUR', null, null, null, null, now(), null);
  insert into payout.batch (id, state, maker, file_sha256, execution_date, created_at)
  values ('pob_1', 'prepared', 'Anna', '${FILE}', current_date, now());`;

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
      ...{ reference: 'STUIVER-1', state: 'prepared', batch: 'pob_1' },
      ...given,
    };
    return client.query(
      `insert into payout.payout (id, settlement_id, merchant_id, amount_minor, currency, end_to_end_id, state,
         batch_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'Stuiver', '', '', '4300')`,
      Object.values(row),
    );
  };

  /** Bram agrees to the batch as it is. */
  const agree = (): Promise<unknown> =>
    client.query(
      `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
       values ('batch', 'pob_1', '${FILE}', 'Bram', now(), now() + interval '1 hour')`,
    );

  const go = (state: string, checker = 'Bram'): Promise<unknown> =>
    client.query(
      `update payout.batch set state = $1::text,
         checker = case when $1::text = 'approving' then $2 else checker end,
         approving_at = case when $1::text = 'approving' then now() else approving_at end`,
      [state, checker],
    );

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

  it('pay a settlement out once, and again only when the first payout was refused (P1)', async () => {
    await pay();
    await client.query(`update payout.batch set state = 'discarded'`);
    await client.query(`update payout.payout set state = 'refused'`);
    await client.query(
      `insert into payout.batch (id, state, maker, file_sha256, execution_date, created_at)
       values ('pob_2', 'prepared', 'Anna', '${FILE}', current_date, now())`,
    );
    await pay({ id: 'po_2', reference: 'STUIVER-2', batch: 'pob_2' });
    const third = pay({ id: 'po_3', reference: 'STUIVER-3', batch: 'pob_2' });
    await expect(third).rejects.toMatchObject({ code: UNIQUE });
  });

  it.each(['approved', 'exported', 'refused'])('begin a payout prepared: not %s', async (state) => {
    await expect(pay({ state })).rejects.toMatchObject({ code: ONLY_FORWARD });
  });

  it('let a payout go forward only', async () => {
    await pay();
    await agree();
    await go('approving');
    await go('approved');
    await client.query(`update payout.payout set state = 'approved'`);
    const back = client.query(`update payout.payout set state = 'prepared'`);
    await expect(back).rejects.toMatchObject({ code: ONLY_FORWARD });
  });

  it.each([
    ['a batch that is exported before it is approved', ['exported']],
    ['an approved batch that is refused', ['approving', 'approved', 'refused']],
    ['an approved batch that is discarded', ['approving', 'discarded']],
    ['a discarded batch that is approved', ['discarded', 'approving']],
    [
      'an exported batch that is exported again later',
      ['approving', 'approved', 'exported', 'approved'],
    ],
  ])('refuse %s (P2)', async (_what, states) => {
    await agree();
    for (const state of states.slice(0, -1)) await go(state);
    await expect(go(states.at(-1) ?? '')).rejects.toMatchObject({ code: ONLY_FORWARD });
  });

  it('begin a batch prepared, without a checker (P2)', async () => {
    const inserted = client.query(
      `insert into payout.batch (id, state, maker, checker, file_sha256, execution_date, created_at)
       values ('pob_2', 'approved', 'Anna', 'Bram', '${FILE}', current_date, now())`,
    );
    await expect(inserted).rejects.toMatchObject({ code: ONLY_FORWARD });
  });

  it.each(['Anna', 'anna', 'ANNA', 'Ａnna', 'An\u200bna', '\u2066Anna\u2069'])(
    'refuse the maker as checker, written %j (P2)',
    async (name) => {
      const agreed = client.query(
        `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
         values ('batch', 'pob_1', '${FILE}', $1, now(), now() + interval '1 hour')`,
        [name],
      );
      await expect(agreed).rejects.toMatchObject({ code: CHECK });
    },
  );

  it.each([' Anna', 'Anna ', 'anna\t', '\u00a0Anna', 'An\u0001na', 'Bram\n', '\u200b'])(
    'refuse a checker whose name is written %j (P2)',
    async (name) => {
      const agreed = client.query(
        `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
         values ('batch', 'pob_1', '${FILE}', $1, now(), now() + interval '1 hour')`,
        [name],
      );
      await expect(agreed).rejects.toMatchObject({ code: CHECK });
    },
  );

  it.each(['Anna', 'Chloé', null])(
    'approve no batch for %s, who did not agree (P2)',
    async (name) => {
      await agree();
      const approval = client.query(
        `update payout.batch set state = 'approving', checker = $1, approving_at = now()`,
        [name],
      );
      await expect(approval).rejects.toMatchObject({ code: NOT_AGREED });
    },
  );

  it.each([`checker = 'Chloé'`, 'checker = null', "approving_at = now() + interval '1 second'"])(
    'keep who approved, and when: not %s (P2)',
    async (change) => {
      await agree();
      await go('approving');
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
    ...[`file_sha256 = 'b2'`, `maker = 'Bram'`, 'execution_date = current_date + 1'].map(
      (change) => `update payout.batch set ${change}`,
    ),
    ...[
      'amount_minor = 2000',
      `payee_name_sealed = 'x'`,
      `payee_iban_sealed = 'x'`,
      `payee_iban_last4 = '0000'`,
      `end_to_end_id = 'x'`,
      `settlement_id = 'stl_2'`,
    ].map((change) => `update payout.payout set ${change}`),
    'update payout.pending_line set amount_minor = 1',
    'update payout.pending_line set version = 9',
  ])('are not granted: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
  });
});

describe('the tables of payouts, even as administrator', () => {
  let db: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    db = await testDatabase();
    client = new pg.Client({ connectionString: db.adminUrl });
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
    await client.query(
      `insert into payout.payout (id, settlement_id, merchant_id, amount_minor, currency, end_to_end_id, state,
         batch_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
       values ('po_1', 'stl_1', '1900000001', 1000, 'EUR', 'E', 'prepared', 'pob_1', 'Stuiver', '', '', '4300')`,
    );
  });

  it.each([`file_sha256 = 'b2'`, `maker = 'Bram'`, 'execution_date = execution_date + 1'])(
    'keep a batch as it was prepared: not %s (P2)',
    async (change) => {
      const changed = client.query(`update payout.batch set ${change}`);
      await expect(changed).rejects.toMatchObject({ code: APPROVED_AS_IT_IS });
    },
  );

  it.each([
    `payee_name_sealed = 'x'`,
    `payee_iban_sealed = 'x'`,
    `payee_iban_last4 = '0000'`,
    `end_to_end_id = 'x'`,
    `remittance = 'x'`,
  ])('keep a payout as its file says: not %s', async (change) => {
    const changed = client.query(`update payout.payout set ${change}`);
    await expect(changed).rejects.toMatchObject({ code: APPROVED_AS_IT_IS });
  });

  it('refuse to raise a payout afterwards (P1)', async () => {
    const raised = client.query('update payout.payout set amount_minor = 2000');
    await expect(raised).rejects.toMatchObject({ code: NOT_WHAT_WAS_SETTLED });
  });
});
