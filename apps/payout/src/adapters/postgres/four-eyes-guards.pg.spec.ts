import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@stuiver/testing';

const AS_IT_IS = 'PO002';
const ONLY_FORWARD = 'PO003';
const NOT_AGREED = 'PO008';
const NOT_GRANTED = '42501';
const FILE = 'a1'.repeat(32);
const OTHER_FILE = 'b2'.repeat(32);
const ABOVE_TIER = 10_000_001;

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

/** A batch that Anna prepared, with one payout; every case ends by rolling back. */
async function prepare(minor: number): Promise<void> {
  await client.query('rollback');
  await client.query('begin');
  for (const no of [1, 2]) {
    await client.query(
      `insert into payout.settlement (id, merchant_id, state, currency, amount_minor, close_version, from_version,
         lines_total_minor, created_at, closed_at)
       values ($1, $2, 'closed', 'EUR', $3, 3, 1, $3, now(), now())`,
      [`stl_${String(no)}`, `190000000${String(no)}`, minor],
    );
  }
  await client.query(
    `insert into payout.batch (id, state, maker, file_sha256, execution_date, created_at)
     values ('pob_1', 'prepared', 'Anna', $1, current_date, now())`,
    [FILE],
  );
  await pay(1, minor);
}

function pay(no: number, minor: number): Promise<unknown> {
  return client.query(
    `insert into payout.payout (id, settlement_id, merchant_id, amount_minor, currency, end_to_end_id, state,
       batch_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
     values ($1, $2, $3, $4, 'EUR', $1, 'prepared', 'pob_1', 'Stuiver', '', '', '4300')`,
    [`po_${String(no)}`, `stl_${String(no)}`, `190000000${String(no)}`, minor],
  );
}

interface Given {
  readonly hash?: string;
  readonly from?: string;
  readonly until?: string;
}

function agree(checker: string, given: Given = {}): Promise<unknown> {
  const { hash = FILE, from = '0 hours', until = '1 hour' } = given;
  return client.query(
    `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
     values ('batch', 'pob_1', $1, $2, now() + $3::interval, now() + $4::interval)`,
    [hash, checker, from, until],
  );
}

function begin(checker: string): Promise<unknown> {
  return client.query(
    `update payout.batch set state = 'approving', checker = $1, approving_at = now()`,
    [checker],
  );
}

function move(state: string): Promise<unknown> {
  return client.query(`update payout.batch set state = $1`, [state]);
}

const refused = (code: string): object => expect.objectContaining({ code });

describe('a batch, as the role of payouts', () => {
  beforeEach(() => prepare(1000));

  it('is approved by one other person', async () => {
    await agree('Bram');
    await begin('Bram');
    await move('approved');
    const { rows } = await client.query('select maker, checker from payout.approval');
    expect(rows).toEqual([{ maker: 'Anna', checker: 'Bram' }]);
  });

  it.each([
    ['nobody agreed', () => Promise.resolve()],
    ['the approval expired', () => agree('Bram', { from: '-2 hours', until: '-1 hour' })],
    ['the approval is of tomorrow', () => agree('Bram', { from: '24 hours', until: '25 hours' })],
    [
      'a payout joined after the approval',
      async () => {
        await agree('Bram');
        await pay(2, 1000);
      },
    ],
  ])('is not approved when %s', async (_what, given) => {
    await given();
    await expect(begin('Bram')).rejects.toEqual(refused(NOT_AGREED));
  });

  it('is agreed to anew after it changed', async () => {
    await agree('Bram');
    await pay(2, 1000);
    await agree('Bram');
    await expect(begin('Bram')).resolves.toBeDefined();
  });

  it('is agreed to by the hash of its own file', async () => {
    await expect(agree('Bram', { hash: OTHER_FILE })).rejects.toEqual(refused(AS_IT_IS));
  });

  it('is agreed to for as long as the rules say, not longer', async () => {
    await expect(agree('Bram', { until: '73 hours' })).rejects.toEqual(refused(NOT_AGREED));
  });

  it.each(['approving', 'discarded'])('takes no approval and no payout once %s', async (state) => {
    await agree('Bram');
    await (state === 'approving' ? begin('Bram') : move(state));
    await client.query('savepoint before');
    await expect(agree('Chloé')).rejects.toEqual(refused(ONLY_FORWARD));
    await client.query('rollback to before');
    await expect(pay(2, 1000)).rejects.toEqual(refused(AS_IT_IS));
  });

  it.each(['approved', 'refused'])('is %s before its payouts are', async (state) => {
    const moved = client.query(`update payout.payout set state = $1`, [state]);
    await expect(moved).rejects.toEqual(refused(ONLY_FORWARD));
  });

  it.each([
    `update payout.approval set checker = 'Chloé'`,
    'delete from payout.approval',
    'truncate payout.approval',
    'update payout.four_eyes set approval_hours = 720',
    'update payout.approval_tier set above_minor = 1',
    `insert into payout.approval_tier (currency, above_minor) values ('USD', 1)`,
    `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at, maker)
     values ('batch', 'pob_1', '', 'Bram', now(), now(), 'Chloé')`,
  ])('has rules and approvals that stay: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toEqual(refused(NOT_GRANTED));
  });
});

describe('a batch above the tier', () => {
  beforeEach(() => prepare(ABOVE_TIER));

  it('needs two people besides its maker', async () => {
    await agree('Bram');
    await client.query('savepoint before');
    await expect(begin('Bram')).rejects.toEqual(refused(NOT_AGREED));
    await client.query('rollback to before');
    await agree('Chloé');
    await expect(begin('Chloé')).resolves.toBeDefined();
  });

  it.each(['Bram', 'BRAM', 'Ｂram', 'Bra\u200bm'])(
    'is not approved by one person twice, written %j',
    async (again) => {
      await agree('Bram');
      await agree(again);
      await expect(begin('Bram')).rejects.toEqual(refused(NOT_AGREED));
    },
  );

  it('begins with the one who agreed last, once', async () => {
    await agree('Bram');
    await agree('Chloé');
    await begin('Chloé');
    await expect(begin('Bram')).rejects.toEqual(refused(AS_IT_IS));
  });
});

describe('approvals, even as administrator', () => {
  it('are neither changed nor deleted', async () => {
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    try {
      for (const sql of [
        'delete from payout.approval',
        `update payout.approval set checker = 'x'`,
      ]) {
        await expect(admin.query(sql)).rejects.toEqual(refused(AS_IT_IS));
      }
    } finally {
      await admin.end();
    }
  });
});
