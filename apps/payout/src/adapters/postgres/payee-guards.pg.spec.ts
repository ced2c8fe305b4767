import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@stuiver/testing';

const AS_IT_IS = 'PO002';
const ONLY_FORWARD = 'PO003';
const NOT_AGREED = 'PO008';
const IS_CHANGING = 'PO009';
const NOT_GRANTED = '42501';
const CHECK = '23514';
const MERCHANT = '1900000001';

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

const refused = (code: string): object => expect.objectContaining({ code });

function ask(id: string, iban: string, by = 'Anna'): Promise<unknown> {
  return client.query(
    `insert into payout.payee_change (id, merchant_id, state, name_sealed, iban_sealed, iban_last4, asked_by, asked_at, expires_at)
     values ($1, $2, 'asked', 'n', convert_to($3, 'UTF8'), '4300', $4, now(), now() + interval '14 days')`,
    [id, MERCHANT, iban, by],
  );
}

function agree(id: string, checker = 'Bram'): Promise<unknown> {
  return client.query(
    `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
     select 'payee-change', id, details_sha256, $2, now(), now() + interval '1 hour' from payout.payee_change where id = $1`,
    [id, checker],
  );
}

function approve(
  id: string,
  wait: string,
  checker = 'Bram',
  payeeCheck = 'RCVC',
): Promise<unknown> {
  return client.query(
    `update payout.payee_change set state = 'approved', approved_by = $2, approved_at = now(),
       use_from = now() + $3::interval, payee_check = $4 where id = $1`,
    [id, checker, wait, payeeCheck],
  );
}

function use(id: string, at = '0 hours'): Promise<unknown> {
  return client.query(
    `insert into payout.payee (merchant_id, name_sealed, iban_sealed, iban_last4, changed_at, confirmed_at, change_id)
     select merchant_id, name_sealed, iban_sealed, iban_last4, now() + $2::interval, now(), id
       from payout.payee_change where id = $1
     on conflict (merchant_id) do update set name_sealed = excluded.name_sealed, iban_sealed = excluded.iban_sealed,
       iban_last4 = excluded.iban_last4, changed_at = excluded.changed_at, change_id = excluded.change_id`,
    [id, at],
  );
}

function end(id: string, state: string): Promise<unknown> {
  return client.query('update payout.payee_change set state = $2, ended_at = now() where id = $1', [
    ...[id, state],
  ]);
}

describe('where a merchant is paid, as the role of payouts (P7)', () => {
  beforeEach(async () => {
    await client.query('rollback');
    await client.query('begin');
    await ask('pyc_1', 'NL1');
    await agree('pyc_1');
    await approve('pyc_1', '0 hours');
    await use('pyc_1');
    await end('pyc_1', 'in-use');
    await ask('pyc_2', 'NL2');
  });

  it('is what two people agreed to, after its wait; what it was stays on record', async () => {
    await agree('pyc_2');
    await approve('pyc_2', '24 hours');
    await use('pyc_2', '24 hours');
    await end('pyc_2', 'in-use');
    const { rows } = await client.query(
      `select convert_from(iban_sealed, 'UTF8') as iban from payout.past_payee`,
    );
    expect(rows).toEqual([{ iban: 'NL1' }]);
  });

  it.each([
    ['nobody agreed', () => approve('pyc_2', '24 hours'), NOT_AGREED],
    ['who asked agrees', () => agree('pyc_2', 'ANNA'), CHECK],
    [
      'another one agreed than it says',
      async () => {
        await agree('pyc_2');
        await approve('pyc_2', '24 hours', 'Chloé');
      },
      NOT_AGREED,
    ],
    [
      'it is used before a day is over',
      async () => {
        await agree('pyc_2');
        await approve('pyc_2', '23 hours');
      },
      NOT_AGREED,
    ],
    [
      'the bank says that the name does not fit',
      async () => {
        await agree('pyc_2');
        await approve('pyc_2', '24 hours', 'Bram', 'RVNM');
      },
      CHECK,
    ],
    ['it is asked for only', () => use('pyc_2'), NOT_AGREED],
    [
      'its wait is not over',
      async () => {
        await agree('pyc_2');
        await approve('pyc_2', '24 hours');
        await use('pyc_2', '23 hours');
      },
      NOT_AGREED,
    ],
    [
      'it says that it is used and is not',
      async () => {
        await agree('pyc_2');
        await approve('pyc_2', '24 hours');
        await end('pyc_2', 'in-use');
      },
      ONLY_FORWARD,
    ],
    [
      'it was refused',
      async () => {
        await end('pyc_2', 'refused');
        await agree('pyc_2');
      },
      ONLY_FORWARD,
    ],
  ])('does not change when %s', async (_what, act, code) => {
    await expect(act()).rejects.toEqual(refused(code));
  });

  it.each([
    `update payout.payee set iban_sealed = 'x'`,
    `update payout.payee set name_sealed = 'x', change_id = 'pyc_2'`,
    `insert into payout.payee (merchant_id, name_sealed, iban_sealed, iban_last4, changed_at, confirmed_at)
     values ('1900000002', 'x', 'x', '0000', now(), now())`,
  ])('is not written past them: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toEqual(refused(NOT_AGREED));
  });

  it.each([
    `update payout.payee_change set iban_sealed = 'x'`,
    `update payout.payee_change set asked_by = 'Chloé'`,
    'delete from payout.payee_change',
    'delete from payout.payee',
    `update payout.past_payee set iban_last4 = '0000'`,
    'delete from payout.past_payee',
    'update payout.four_eyes set cool_off_hours = 0',
  ])('is not granted: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toEqual(refused(NOT_GRANTED));
  });

  it('keeps the approval as it was given', async () => {
    await agree('pyc_2');
    await approve('pyc_2', '24 hours');
    const sooner = client.query(
      `update payout.payee_change set use_from = now() where id = 'pyc_2'`,
    );
    await expect(sooner).rejects.toEqual(refused(AS_IT_IS));
  });

  it('pays nobody while it changes', async () => {
    await client.query(
      `insert into payout.settlement (id, merchant_id, state, currency, amount_minor, close_version, from_version,
         lines_total_minor, created_at, closed_at)
       values ('stl_1', $1, 'closed', 'EUR', 1000, 3, 1, 1000, now(), now())`,
      [MERCHANT],
    );
    await client.query(
      `insert into payout.batch (id, state, maker, file_sha256, execution_date, created_at)
       values ('pob_1', 'prepared', 'Anna', repeat('a', 64), current_date, now())`,
    );
    const pay = client.query(
      `insert into payout.payout (id, settlement_id, merchant_id, amount_minor, currency, end_to_end_id, state,
         batch_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
       values ('po_1', 'stl_1', $1, 1000, 'EUR', 'E', 'prepared', 'pob_1', 'Stuiver', '', '', '4300')`,
      [MERCHANT],
    );
    await expect(pay).rejects.toEqual(refused(IS_CHANGING));
  });
});
