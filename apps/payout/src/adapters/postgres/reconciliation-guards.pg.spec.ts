import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@stuiver/testing';

const ONLY_FORWARD = 'PO003';
const NOT_BOOKED = 'PO004';
const DOES_NOT_FOLLOW = 'PO005';
const HAS_NOT_ITS_LINES = 'PO006';
const AS_IT_IS = 'PO002';
const CHECK = '23514';
const UNIQUE = '23505';
const FOREIGN = '23503';
const NOT_GRANTED = '42501';

/** One exported payout of €10.00 and one imported statement with its line; every case ends by rolling back. */
const DAY = `
  insert into payout.settlement (id, merchant_id, state, currency, amount_minor, close_version, from_version,
    lines_total_minor, created_at, closed_at) values ('stl_1', '1900000001', 'closed', 'EUR', 1000, 3, 1, 1000, now(), now());
  insert into payout.batch (id, state, maker, maker_name, file_sha256, execution_date, created_at)
  values ('pob_1', 'prepared', 'stf_1', 'Anna', '${'a1'.repeat(32)}', current_date, now());
  insert into payout.payout (id, settlement_id, merchant_id, amount_minor, currency, end_to_end_id, state,
    batch_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
  values ('po_1', 'stl_1', '1900000001', 1000, 'EUR', 'E1', 'prepared', 'pob_1', 'Stuiver', '', '', '4300');
  insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
  values ('batch', 'pob_1', '${'a1'.repeat(32)}', 'stf_2', now(), now() + interval '1 hour');
  update payout.batch set state = 'approving', checker = 'stf_2', checker_name = 'Bram', approving_at = now();
  update payout.batch set state = 'approved';
  update payout.payout set state = 'approved';
  update payout.batch set state = 'exported';
  update payout.payout set state = 'exported';
  insert into payout.bank_file (sha256, content_sealed, byte_count, imported_by, imported_at)
  values (repeat('a', 64), '', 0, 'Anna', now());`;

const NEW_STATEMENT = { id: 'bst_1', sequence: 1, day: '2026-11-24', opening: 0, closing: -1000 };

describe('the tables of reconciliation, as the role of payouts', () => {
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

  const statement = (over: Partial<typeof NEW_STATEMENT> = {}): Promise<unknown> => {
    const { id, sequence, day, opening, closing } = { ...NEW_STATEMENT, ...over };
    return client.query(
      `insert into payout.bank_statement (id, file_sha256, bank, iban, bank_reference, sequence, from_day, to_day, currency,
         opening_minor, closing_minor, lines_total_minor, line_count, made_at, imported_at)
       values ($1, repeat('a', 64), 'main', 'NL1', 'S', $2, $3, $3, 'EUR', $4, $5, $6, 1, now(), now())`,
      [id, sequence, day, opening, closing, closing - opening],
    );
  };
  const line = (id: string, amount: number, statementId = 'bst_1'): Promise<unknown> =>
    client.query(
      `insert into payout.bank_line (id, statement_id, no, kind, amount_minor, currency, booked_on, details_sealed, state)
       values ($1, $2, (select count(*) + 1 from payout.bank_line), 'entry', $3, 'EUR', '2026-11-24', '', 'new')`,
      [id, statementId, amount],
    );
  const imported = async (): Promise<void> => {
    await statement();
    await line('bln_1', -1000);
    await client.query('set constraints all immediate; set constraints all deferred');
  };
  const record = (id: number, to: string, code: string | null, booked = true): Promise<unknown> =>
    client.query(
      `insert into payout.recorded_command (command_id, content, bank_line_id, payout_id, to_state, reason_code, bank_minor,
         transit_minor, recorded_at, booked_at)
       values ($1, '{}', 'bln_1', 'po_1', $2, $3, 0, 0, now(), case when $4 then now() end)`,
      [`00000000-0000-4000-8000-00000000000${String(id)}`, to, code, booked],
    );
  const settle = (): Promise<unknown> =>
    client.query(
      `update payout.payout set state = 'settled', settled_line = 'bln_1', ended_at = now()`,
    );
  const giveBack = (): Promise<unknown> =>
    client.query(
      `update payout.payout set state = 'returned', returned_line = 'bln_1', reason_code = 'AC04', ended_at = now()`,
    );

  it('let a payout be settled and returned once the ledger has booked it (P5)', async () => {
    await imported();
    await record(1, 'settled', null);
    await settle();
    await record(2, 'returned', 'AC04');
    await giveBack();
  });

  it.each(['settled', 'rejected'])(
    'keep a payout from being %s without its booking (P5)',
    async (to) => {
      await imported();
      if (to === 'settled') await record(1, 'settled', null, false);
      const ended = client.query(
        `update payout.payout set state = $1::text, settled_line = case when $1 = 'settled' then 'bln_1' end,
         reason_code = case when $1 = 'rejected' then 'AC01' end`,
        [to],
      );
      await expect(ended).rejects.toMatchObject({ code: NOT_BOOKED });
    },
  );

  it.each([
    ['settled without a line', `state = 'settled'`],
    [
      'returned without a reason',
      `state = 'returned', settled_line = 'bln_1', returned_line = 'bln_1'`,
    ],
  ])('keep a payout from being %s (P5)', async (_what, change) => {
    await imported();
    await record(1, 'settled', null);
    const ended = client.query(`update payout.payout set ${change}`);
    await expect(ended).rejects.toMatchObject({ code: expect.stringMatching(/^(23514|PO003)$/) });
  });

  it('pay or reject a payout, never both, and each once (P5)', async () => {
    await imported();
    await record(1, 'settled', null);
    await client.query('savepoint here');
    await expect(record(2, 'rejected', 'AC01')).rejects.toMatchObject({ code: UNIQUE });
    await client.query('rollback to savepoint here');
    await expect(record(3, 'settled', null)).rejects.toMatchObject({ code: UNIQUE });
  });

  it.each(['exported', 'rejected', 'refused', 'prepared'])(
    'do not let a settled payout become %s (P5)',
    async (state) => {
      await imported();
      await record(1, 'settled', null);
      await settle();
      const moved = client.query('update payout.payout set state = $1', [state]);
      await expect(moved).rejects.toMatchObject({ code: ONLY_FORWARD });
    },
  );

  it('keep how a payout ended', async () => {
    await imported();
    await record(1, 'settled', null);
    await settle();
    const changed = client.query(`update payout.payout set ended_at = now() + interval '1 day'`);
    await expect(changed).rejects.toMatchObject({ code: AS_IT_IS });
  });

  it('give a settlement back when its payout came back, and only then (P1)', async () => {
    const again = `insert into payout.payout (id, settlement_id, merchant_id, amount_minor, currency, end_to_end_id, state,
        batch_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
      values ('po_2', 'stl_1', '1900000001', 1000, 'EUR', 'E2', 'prepared', 'pob_2', 'Stuiver', '', '', '4300')`;
    await client.query(
      `insert into payout.batch (id, state, maker, file_sha256, execution_date, created_at)
       values ('pob_2', 'prepared', 'stf_1', '${'b2'.repeat(32)}', current_date, now())`,
    );
    await imported();
    await record(1, 'settled', null);
    await settle();
    await client.query('savepoint here');
    await expect(client.query(again)).rejects.toMatchObject({ code: UNIQUE });
    await client.query('rollback to savepoint here');
    await record(2, 'returned', 'AC04');
    await giveBack();
    await expect(client.query(again)).resolves.toBeDefined();
  });

  it.each([
    ['a gap in the numbers', { sequence: 3 }],
    ['another opening', { opening: -999, closing: -1999 }],
    ['a day that is in', { day: '2026-11-24' }],
    ['a day before', { day: '2026-11-23' }],
  ])('refuse a statement with %s (B1)', async (_what, over) => {
    await imported();
    const next = { id: 'bst_2', sequence: 2, day: '2026-11-25', opening: -1000, closing: -2000 };
    const inserted = statement({ ...next, ...over });
    await expect(inserted).rejects.toMatchObject({ code: DOES_NOT_FOLLOW });
  });

  it('refuse a statement whose lines are not its balance (B2)', async () => {
    await statement();
    await line('bln_1', -999);
    const committed = client.query('set constraints all immediate');
    await expect(committed).rejects.toMatchObject({ code: HAS_NOT_ITS_LINES });
  });

  it('take no line after its statement (B2)', async () => {
    await client.query('rollback');
    await client.query(DAY);
    await client.query('begin');
    await statement();
    await line('bln_1', -1000);
    await client.query('commit');
    await expect(line('bln_2', 5)).rejects.toMatchObject({ code: HAS_NOT_ITS_LINES });
    // This case had to commit; the others begin without it.
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    await admin.query('alter table payout.past_match disable trigger past_match_stays');
    await admin.query('alter table payout.write_off disable trigger write_off_stays');
    await admin.query(
      'truncate payout.bank_line, payout.bank_statement, payout.bank_file, payout.payout, payout.batch, payout.settlement cascade',
    );
    await admin.query('alter table payout.past_match enable trigger past_match_stays');
    await admin.query('alter table payout.write_off enable trigger write_off_stays');
    await admin.end();
  });

  it('match a line once, and a payout of the PSP with one line (B3)', async () => {
    await imported();
    const match = (id: string): Promise<unknown> =>
      client.query(
        `insert into payout.bank_match (bank_line_id, rule, rule_version, explanation, psp_payout_id, matched_at)
         values ($1, 'r', 1, 'x', 'po_Psp', now())`,
        [id],
      );
    await match('bln_1');
    await expect(match('bln_1')).rejects.toMatchObject({ code: UNIQUE });
  });

  it('let a payout of the PSP go back once, and only after it came (B3)', async () => {
    await imported();
    const match = (takenBack: boolean): Promise<unknown> =>
      client.query(
        `insert into payout.bank_match (bank_line_id, rule, rule_version, explanation, psp_payout_id, taken_back, matched_at)
         values ('bln_1', 'r', 1, 'x', 'po_Psp', $1, now())`,
        [takenBack],
      );
    await client.query('savepoint here');
    await expect(match(true)).rejects.toMatchObject({ code: FOREIGN });
    await client.query('rollback to savepoint here');
    await match(false);
    await expect(match(false)).rejects.toMatchObject({ code: UNIQUE });
  });

  it('take a PSP transaction whose net is amount less fee, once (B4)', async () => {
    const take = (net: number): Promise<unknown> =>
      client.query(
        `insert into payout.psp_transaction (id, kind, amount_minor, fee_minor, net_minor, currency, created_at, available_at,
           imported_at) values ('txn_1', 'payment', 1000, 29, $1, 'EUR', now(), now(), now())`,
        [net],
      );
    await client.query('savepoint here');
    await expect(take(970)).rejects.toMatchObject({ code: CHECK });
    await client.query('rollback to savepoint here');
    await take(971);
    await expect(take(971)).rejects.toMatchObject({ code: UNIQUE });
  });

  it('keep the name of who made a batch (P2)', async () => {
    const changed = client.query(`update payout.batch set checker_name = 'Chloé'`);
    await expect(changed).rejects.toMatchObject({ code: AS_IT_IS });
  });

  it.each([
    'update payout.bank_statement set closing_minor = 0',
    'update payout.bank_line set amount_minor = 1',
    `update payout.recorded_command set content = '{}'`,
    `update payout.recorded_command set payout_id = null`,
    'update payout.bank_match set rule = rule',
    'update payout.psp_transaction set net_minor = 0',
    'update payout.psp_booking set amount_minor = 1',
    `update payout.bank_file set content_sealed = ''`,
    `update payout.batch set maker_name = 'Bram'`,
    ...['bank_line', 'bank_statement', 'past_match', 'recorded_command', 'psp_transaction'].map(
      (table) => `delete from payout.${table}`,
    ),
  ])('are not granted: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
  });
});
