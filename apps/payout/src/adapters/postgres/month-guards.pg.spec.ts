import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '@stuiver/postgres';
import { testDatabase, type TestDatabase } from '@stuiver/testing';

/* Invariant P10, with the service's own role and none of its code. */

const AT = '2026-11-02T09:00:00Z';
const CSV = 'month,account\r\n2026-10,bank:main\r\n';

describe('the end of a month in the database', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('payout');
  }, 60_000);
  afterAll(() => db.close());

  const prepare = (month: string, findings = '{}', note: string | null = null): Promise<unknown> =>
    database.query(
      `insert into payout.month_close (month, state, trial_balance, findings, note, maker, prepared_at)
       values ($1, 'prepared', $2, $3::text[], $4, 'Anna', $5)`,
      [month, CSV, findings, note, AT],
    );
  const approve = (month: string, checker: string): Promise<unknown> =>
    database.query(
      `insert into payout.approval (what, subject_id, hash, checker, given_at, expires_at)
       select 'month-close', month, sha256, $2, $3::timestamptz, $3::timestamptz + interval '1 hour'
         from payout.month_close where month = $1`,
      [month, checker, AT],
    );
  const agree = (month: string, checker: string): Promise<unknown> =>
    database.query(
      `update payout.month_close set state = 'closing', checker = $2, agreed_at = $3 where month = $1`,
      [month, checker, AT],
    );
  const refused = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    );

  it('is agreed to by nobody without an approval, and not by who prepared it', async () => {
    await prepare('2026-10');
    expect(await refused(agree('2026-10', 'Bram'))).toBe('PO008');
    expect(await refused(approve('2026-10', ' Anna '))).toBe('23514');
    expect(await refused(approve('2026-10', 'ANNA'))).toBe('23514');
    await approve('2026-10', 'Bram');
    expect(await refused(agree('2026-10', 'Chloé'))).toBe('PO008');
  });

  it('is of other bytes when one byte changes, and then needs another approval', async () => {
    const change = `update payout.month_close set trial_balance = trial_balance || 'x' where month = '2026-10'`;
    await database.query(change);
    expect(await refused(agree('2026-10', 'Bram'))).toBe('PO008');
    await approve('2026-10', 'Bram');
    expect(await refused(agree('2026-10', 'Bram'))).toBe('done');
    expect(await refused(database.query(change))).toBe('PO003');
  });

  it('explains what was open', async () => {
    expect(await refused(prepare('2026-09', '{exceptions-open}'))).toBe('23514');
    expect(await refused(prepare('2026-09', '{exceptions-open}', '  '))).toBe('23514');
    expect(await refused(prepare('2026-09', '{exceptions-open}', 'known'))).toBe('done');
  });

  it('goes one way, has its figures, and stays', async () => {
    const say = (sql: string): Promise<string> => refused(database.query(sql));
    const all = `update payout.month_close set`;
    expect(await say(`${all} state = 'prepared' where month = '2026-10'`)).toBe('PO003');
    expect(await say(`${all} state = 'closed' where month = '2026-10'`)).toBe('23514');
    expect(
      await say(
        `${all} state = 'closed', final_trial_balance = 'x', closed_at = '${AT}' where month = '2026-10'`,
      ),
    ).toBe('done');
    expect(await say(`${all} final_trial_balance = 'y' where month = '2026-10'`)).toBe('PO003');
    expect(await say(`${all} state = 'closed' where month = '2026-09'`)).toBe('PO003');
    expect(await say(`${all} sha256 = repeat('0', 64)`)).toBe('42501');
    expect(await say('delete from payout.month_close')).toBe('42501');
  });
});
