import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LedgerCommand, LedgerCommandOf, LedgerPort } from '@stuiver/contracts';
import { type Clock, NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { openBooks } from '../open-books.js';

const GUARDED = 'LB004';
const NOT_GRANTED = '42501';
const DAY_MS = 86_400_000;
const common = { effectiveAt: '2030-01-01T12:00:00.000Z', currency: 'EUR' } as const;

function open(database: Database, clock: Clock = new SystemClock()): LedgerPort {
  const quiet = { log: new SilentLog(), crash: new NoCrashPoints(), onCommitted: () => undefined };
  return openBooks({ database, clock, ...quiet }).port;
}

type Transfer = Extract<LedgerCommandOf<'transfer-chain'>['steps'][number], { do: 'transfer' }>;

const walletOf = (userId: string): string => `user:${userId}:wallet`;
const topUp = (userId: string, amountMinor = '1000'): LedgerCommand => ({
  ...{ kind: 'top-up', id: randomUUID(), ...common, topUpId: 'top_1', psp: 'stripe' },
  ...{ userId, amountMinor },
});
const give = (from: string, to: string, amountMinor: string): Transfer => ({
  ...{ do: 'transfer', purpose: 'gift', take: 'exactly', amountMinor },
  ...{ debit: walletOf(from), credit: walletOf(to) },
});
const chain = (
  steps: LedgerCommandOf<'transfer-chain'>['steps'],
  subjects?: string[],
): LedgerCommandOf<'transfer-chain'> => ({
  ...{ kind: 'transfer-chain', id: randomUUID(), ...common, steps },
  ...(subjects === undefined ? {} : { subjects }),
});
const setAccount = (
  userId: string,
  over: Partial<LedgerCommandOf<'account-set'>>,
): LedgerCommandOf<'account-set'> => ({
  ...{ kind: 'account-set', id: randomUUID(), ...common, account: walletOf(userId) },
  ...over,
});
const setLimit = (
  subject: string,
  over: Partial<NonNullable<LedgerCommandOf<'limit-set'>['limit']>> | null,
): LedgerCommandOf<'limit-set'> => ({
  ...{ kind: 'limit-set', id: randomUUID(), ...common, subject, name: 'spend' },
  limit:
    over === null
      ? null
      : {
          ...{ window: { kind: 'day' }, counterparty: null, countMax: null, sumMaxMinor: null },
          side: subject.startsWith('account:') ? 'debit' : null,
          ...over,
        },
});
const reverse = (
  commandId: string,
  parts: LedgerCommandOf<'reversal'>['parts'] = null,
): LedgerCommandOf<'reversal'> => ({
  ...{ kind: 'reversal', id: randomUUID(), ...common, commandId, parts },
});

describe('terms, limits and reversals on PostgreSQL', () => {
  let db: TestDatabase;
  let database: Database;
  let ledger: LedgerPort;
  let admin: pg.Client;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    ledger = open(database);
    admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await db.close();
  });

  /** Whatever was answered is answered again: by the same process, and by one that knows nothing. */
  async function submitEach(commands: readonly LedgerCommand[]): Promise<unknown[]> {
    const results = [];
    for (const command of commands) results.push(await ledger.submit(command));
    const other = open(database);
    for (const [index, command] of commands.entries()) {
      expect(await ledger.submit(command)).toEqual(results[index]);
      expect(await other.submit(command)).toEqual(results[index]);
    }
    return results;
  }
  const balanceOf = async (userId: string): Promise<string | undefined> =>
    (await ledger.account(walletOf(userId)))?.balanceMinor;

  it('an account is frozen, limited and closed by commands', async () => {
    const results = await submitEach([
      setAccount('usr_a', { ceilingMinor: '1000' }),
      topUp('usr_a'),
      topUp('usr_a', '1'),
      setAccount('usr_a', { state: 'frozen-debit', floorMinor: '10' }),
      chain([give('usr_a', 'usr_b', '1')]),
      setAccount('usr_a', { state: 'open' }),
      chain([give('usr_a', 'usr_b', '991')]),
      setAccount('usr_a', { state: 'closed' }),
      setAccount('usr_a', { floorMinor: null }),
      chain([give('usr_a', 'usr_b', '1000')]),
      setAccount('usr_a', { state: 'closed' }),
      topUp('usr_a', '2'),
    ]);
    const account = walletOf('usr_a');
    expect(results).toMatchObject([
      { account: { account, state: 'open', floorMinor: null, ceilingMinor: '1000' } },
      { transfers: [{ credit: account }] },
      { transfers: [{ credit: 'suspense:top-up', amountMinor: '1' }] },
      { account: { state: 'frozen-debit', floorMinor: '10', ceilingMinor: '1000' } },
      { outcome: 'refused', code: 'ACCOUNT_FROZEN', account },
      { account: { state: 'open' } },
      { outcome: 'refused', code: 'FLOOR', limitMinor: '10', shortfallMinor: '1' },
      { outcome: 'refused', code: 'ACCOUNT_NOT_EMPTY' },
      { account: { floorMinor: null } },
      { outcome: 'posted' },
      { account: { state: 'closed' } },
      { transfers: [{ credit: 'suspense:top-up', amountMinor: '2' }] },
    ]);
  });

  it.each([
    { what: 'a ceiling', set: 'balance_minor = 1001', constraint: 'account_keeps_its_ceiling' },
    { what: 'a floor of its own', set: 'balance_minor = 9', constraint: 'account_keeps_its_floor' },
    { what: 'a held floor', set: 'held_minor = 991', constraint: 'account_keeps_its_floor' },
    { what: 'the closing', set: `state = 'closed'`, constraint: 'closed_account_is_empty' },
  ])('$what is kept by the table itself', async ({ set, constraint }) => {
    const userId = `usr_${constraint}`;
    await ledger.submit(topUp(userId));
    await ledger.submit(setAccount(userId, { floorMinor: '10', ceilingMinor: '1000' }));
    const code = walletOf(userId);
    const change = admin.query(`update ledger.account set ${set} where code = $1`, [code]);
    await expect(change).rejects.toMatchObject({ constraint });
  });

  it('a closed account stays closed, whoever says otherwise', async () => {
    await ledger.submit(setAccount('usr_closed', { state: 'closed' }));
    const reopen = `update ledger.account set state = 'open' where code = '${walletOf('usr_closed')}'`;
    await expect(admin.query(reopen)).rejects.toMatchObject({ code: GUARDED });
    for (const sql of [reopen, 'delete from ledger.velocity_limit']) {
      await expect(database.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
    }
  });

  it('velocity limits count across batches, processes and midnight', async () => {
    const clock = new FixedClock('2030-01-01T22:30:00.000Z');
    const [one, two] = [open(database, clock), open(database, clock)];
    await one.submit(topUp('usr_c', '100000'));
    await one.submit(setLimit(`account:${walletOf('usr_c')}`, { sumMaxMinor: '100' }));
    await two.submit(setLimit('mandate:man_1', { countMax: '3', window: { kind: 'month' } }));
    const pay = (amountMinor: string): LedgerCommand =>
      chain([give('usr_c', 'usr_d', amountMinor)], ['mandate:man_1']);
    expect(await one.submit(pay('60'))).toMatchObject({ outcome: 'posted' });
    const refused = pay('41');
    const refusal = await two.submit(refused);
    expect(refusal).toMatchObject({
      ...{ outcome: 'refused', code: 'LIMIT', account: walletOf('usr_c') },
      ...{ limitMinor: '100', shortfallMinor: '1' },
      velocity: { sumLeftMinor: '40', countLeft: null, freesAt: '2030-01-01T23:00:00.000Z' },
    });
    expect(await two.submit(pay('40'))).toMatchObject({ outcome: 'posted' });
    clock.advance(DAY_MS);
    expect(await one.submit(refused)).toEqual(refusal);
    expect(await one.submit(pay('100'))).toMatchObject({ outcome: 'posted' });
    clock.advance(DAY_MS);
    expect(await two.submit(pay('1'))).toMatchObject({
      ...{ code: 'LIMIT', account: null },
      velocity: { subject: 'mandate:man_1', countLeft: '0', freesAt: '2030-01-31T23:00:00.000Z' },
    });
    const counters = await database.query(
      `select count::int, sum_minor::int as sum from ledger.velocity_counter order by subject`,
    );
    expect(counters).toEqual([
      { count: 1, sum: 100 },
      { count: 3, sum: 200 },
    ]);
  });

  it('velocity limits are exact when many ask at once, of two processes', async () => {
    const ports = [ledger, open(database)] as const;
    await ledger.submit(topUp('usr_e', '100000'));
    await ledger.submit(
      setLimit('device:d1', { countMax: '25', window: { kind: 'rolling', seconds: 3600 } }),
    );
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        ports[index % 2 === 0 ? 0 : 1].submit(chain([give('usr_e', 'usr_f', '1')], ['device:d1'])),
      ),
    );
    expect(results.filter(({ outcome }) => outcome === 'posted')).toHaveLength(25);
    expect(await balanceOf('usr_f')).toBe('25');
    await ledger.submit(setLimit('device:d1', null));
    expect(
      await ports[1].submit(chain([give('usr_e', 'usr_f', '1')], ['device:d1'])),
    ).toMatchObject({
      outcome: 'posted',
    });
    const left = await database.query(
      `select from ledger.velocity_counter where subject = 'device:d1'`,
    );
    expect(left).toEqual([]);
  });

  it.each([
    { field: 'limit.side', given: setLimit('device:d2', { side: 'debit', countMax: '1' }) },
    {
      field: 'limit.side',
      given: setLimit(`account:${walletOf('usr_a')}`, { side: null, countMax: '1' }),
    },
    {
      field: 'limit.counterparty',
      given: setLimit('device:d2', { counterparty: 'fees:income', countMax: '1' }),
    },
    { field: 'subject', given: setLimit('no subject', { countMax: '1' }) },
    { field: 'subjects.0', given: chain([give('usr_a', 'usr_b', '1')], ['account:usr_a']) },
    { field: 'commandId', given: reverse('7') },
  ])('what is wrong with $field is said, and nothing is kept', async ({ field, given }) => {
    await expect(ledger.submit(given)).rejects.toMatchObject({
      ...{ code: 'PARAM_ERROR', facts: { field } },
    });
  });

  it('a chain is taken back in parts, and never beyond itself', async () => {
    const original = chain([give('usr_g', 'usr_h', '100'), give('usr_h', 'usr_i', '40')]);
    const [, , partly, tooMuch, rest, nothing, unknown] = await submitEach([
      topUp('usr_g'),
      original,
      reverse(original.id, [{ transfer: 0, amountMinor: '25' }]),
      reverse(original.id, [{ transfer: 0, amountMinor: '76' }]),
      reverse(original.id),
      reverse(original.id),
      reverse(randomUUID()),
    ]);
    expect(partly).toMatchObject({
      transfers: [{ purpose: 'reversal', debit: walletOf('usr_h'), credit: walletOf('usr_g') }],
      reversals: [{ reversedMinor: '25' }],
    });
    expect(tooMuch).toMatchObject({ code: 'REVERSED_ALREADY', limitMinor: '75' });
    expect(rest).toMatchObject({ transfers: [{ amountMinor: '40' }, { amountMinor: '75' }] });
    expect(nothing).toMatchObject({ outcome: 'refused', code: 'REVERSED_ALREADY' });
    expect(unknown).toMatchObject({ outcome: 'refused', code: 'ORIGINAL_UNKNOWN' });
    expect([await balanceOf('usr_g'), await balanceOf('usr_h')]).toEqual(['1000', '0']);
  });

  it('a chain and its reversal may come together, and two processes reverse it once', async () => {
    await ledger.submit(topUp('usr_j'));
    const original = chain([give('usr_j', 'usr_k', '100')]);
    const [, taken] = await Promise.all([
      ledger.submit(original),
      ledger.submit(reverse(original.id, [{ transfer: 0, amountMinor: '40' }])),
    ]);
    expect(taken).toMatchObject({ outcome: 'posted', reversals: [{ reversedMinor: '40' }] });
    const other = open(database);
    const results = await Promise.all(
      [ledger, other, ledger, other].map((port) => port.submit(reverse(original.id))),
    );
    expect(results.filter(({ outcome }) => outcome === 'posted')).toHaveLength(1);
    expect(await balanceOf('usr_j')).toBe('1000');
  });

  it('reversals are guarded by the table itself', async () => {
    await ledger.submit(topUp('usr_l'));
    const original = chain([give('usr_l', 'usr_m', '100')]);
    await ledger.submit(original);
    const back = await ledger.submit(reverse(original.id, [{ transfer: 0, amountMinor: '60' }]));
    const again = await ledger.submit(chain([give('usr_m', 'usr_l', '40')]));
    const seqOf = (result: typeof back): string =>
      (result.outcome === 'posted' ? result.transfers[0]?.seq : undefined) ?? '';
    const [row] = (
      await admin.query<{ reverses: string }>(
        'select reverses from ledger.reversal where seq = $1',
        [seqOf(back)],
      )
    ).rows;
    const insert = (before: number, after: number, whole = 100): Promise<unknown> =>
      admin.query('insert into ledger.reversal values ($1, $2, $3, $4, $5)', [
        ...[seqOf(again), row?.reverses, before, after, whole],
      ]);
    await expect(insert(0, 40)).rejects.toMatchObject({ constraint: 'reversal_has_no_twin' });
    await expect(insert(65, 105)).rejects.toMatchObject({ code: GUARDED });
    await expect(insert(61, 101)).rejects.toMatchObject({ code: GUARDED });
    await expect(insert(60, 90)).rejects.toMatchObject({ code: GUARDED });
    await expect(insert(60, 100, 200)).rejects.toMatchObject({ code: GUARDED });
    const removal = 'delete from ledger.reversal';
    await expect(admin.query(removal)).rejects.toMatchObject({ code: 'LB002' });
    await expect(database.query(removal)).rejects.toMatchObject({ code: NOT_GRANTED });
    await expect(insert(60, 100)).resolves.toBeDefined();
  });
});
