import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LedgerCommandOf } from '@stuiver/contracts';
import { PostgresAudit } from '../adapters/postgres/postgres-audit.js';
import type { Books } from '../open-books.js';
import { type Place, TamperedBooks } from '../testing/tampered-books.js';
import { VerifyLedger } from './verify-ledger.js';

const NOT_GRANTED = '42501';

const currency = 'EUR';
const DAYS_BEFORE = '2026-11-20T10:00:00Z';

function topUp(
  userId: string,
  amountMinor: string,
  effectiveAt = '2026-11-23T10:00:00Z',
): LedgerCommandOf<'top-up'> {
  return {
    ...{ kind: 'top-up', id: randomUUID(), topUpId: 'top_1' },
    ...{ userId, psp: 'stripe', amountMinor, effectiveAt, currency },
  };
}

function payment(
  userId: string,
  amountMinor: string,
  effectiveAt = '2026-11-23T10:00:00Z',
): LedgerCommandOf<'payment'> {
  return {
    ...{
      kind: 'payment',
      id: randomUUID(),
      attemptId: 'att_1',
      orderId: 'ord_1',
      merchantId: '19',
    },
    ...{ funds: { kind: 'wallet', userId }, amountMinor, feeMinor: '19' },
    ...{ effectiveAt, currency },
  };
}

/** Several batches: some of one command, one of many, some with refusals. */
async function fill({ port }: Books, makeCheckpoint: () => Promise<unknown>): Promise<void> {
  await port.submit(topUp('usr_a', '5000', DAYS_BEFORE));
  await port.submit(topUp('usr_b', '7000'));
  await port.submit(payment('usr_a', '99999'));
  await Promise.all([
    port.submit(payment('usr_a', '1000', DAYS_BEFORE)),
    port.submit(payment('usr_b', '88888')),
    port.submit(payment('usr_b', '1200')),
    port.submit(payment('usr_a', '300')),
  ]);
  await makeCheckpoint();
  await port.submit(payment('usr_b', '100'));
  await port.submit(payment('usr_a', '200'));
}

/** How a check of the table wants it. */
const SPECIAL: Readonly<Record<string, string>> = {
  'account.normal_side': `case normal_side when 'debit' then 'credit' else 'debit' end`,
  'account.floor_minor': '-5',
  'account.own_floor_minor': '-7',
  'account.held_minor': '1',
  'account.state': `'frozen'`,
  'account.ceiling_minor': '9999999',
  'checkpoint.trial_balance': `'[]'`,
  'account_past_day.transfers': 'transfers - 1',
  'account_past_day.first_version': 'first_version - 1',
  'account.day_transfers': 'day_transfers - 1',
  'account.day_first_version': 'day_first_version - 1',
};

/** The row that is changed: not the first, so that something stands before it, nor always the last. */
const WHICH: Readonly<Record<string, string>> = {
  transfer: 'seq = 5',
  command: `id = (select id from ledger.command where batch = 4 and transfer_count > 0 order by first_seq limit 1)`,
  'command.refusal': 'refusal is not null',
  batch: 'no = 4',
  seal: 'batch = 4',
  account: `code = 'user:usr_a:wallet'`,
  account_past_day: `account = (select id from ledger.account where code = 'user:usr_a:wallet')`,
  head: 'shard = 1',
  chain: 'shard = 1',
  checkpoint: 'true',
};

/** Where a row that is gone is missed. */
const TABLES: Readonly<Record<string, string>> = {
  transfer: 'transfer',
  command: 'command',
  batch: 'batch',
  seal: 'seal',
  account: 'account',
  account_past_day: 'account_day',
  head: 'head',
  chain: 'chain',
};

/** In `tampering-rules.pg.spec.ts`. */
const JUDGED_AS_RULES = ['hold', 'period', 'reversal', 'told', 'velocity_limit'];

/** Why a table is not judged. */
const WORKING: Readonly<Record<string, string>> = {
  migration: 'which steps of the schema were taken',
  velocity_counter: 'slots that no window reaches are swept; it binds what comes',
  watch: 'what the watchers last saw',
  writer: 'whose turn it is to write',
};

/** What is reported in another place than where it was changed, since both contradict each other. */
const REPORTED: Readonly<Record<string, Place>> = {
  // The number is the row's name: under it, there is none.
  'transfer.seq': { table: 'transfer', column: 'seq' },
  'chain.id': { table: 'chain', column: 'genesis' },
  'chain.begins_at': { table: 'chain', column: 'genesis' },
  'account.own_floor_minor': { table: 'account', column: 'floor_minor' },
  ...daysReported(),
  'checkpoint.last_account': { table: 'checkpoint', column: 'signature' },
  'checkpoint.trial_balance': { table: 'checkpoint', column: 'signature' },
  'command.batch': { table: 'command', column: 'id' },
};

/** The days of an account, past and last, are one view. */
function daysReported(): typeof REPORTED {
  const columns = ['debit_minor', 'credit_minor', 'transfers', 'first_version', 'last_version'];
  const reported = columns.flatMap((column) => [
    [`account_past_day.${column}`, { table: 'account_day', column }] as const,
    [`account.day_${column}`, { table: 'account_day', column }] as const,
  ]);
  const missed = { table: 'account_day', column: 'account' };
  return {
    ...Object.fromEntries(reported),
    ...{ 'account_past_day.account': missed, 'account.day_on': missed },
    ...{ 'account_past_day.booked_on': missed, 'account_past_day.effective_on': missed },
  };
}

describe('every column of the books', () => {
  let books: TamperedBooks;

  beforeAll(async () => {
    books = await TamperedBooks.open(fill);
  }, 60_000);
  afterAll(() => books.close());

  it('is as it must be before anybody touches it', async () => {
    const { database, publicKeyPem } = books;
    const verified = await new VerifyLedger(new PostgresAudit(database.pool)).run();
    expect(verified).toMatchObject({ finding: undefined, batches: 6, transfers: 12, commands: 9 });
    const later = await new VerifyLedger(new PostgresAudit(database.pool)).run({
      from: 'checkpoint',
      publicKeyPem,
    });
    expect(later).toMatchObject({ finding: undefined, from: 4n, to: 6n, transfers: 4 });
    expect(later.hash).toBe(verified.hash);
  });

  it('is judged here, or nothing is lost by it', async () => {
    const judged = [...Object.keys(TABLES), 'checkpoint', ...JUDGED_AS_RULES];
    expect(await books.tables()).toEqual([...judged, ...Object.keys(WORKING)].sort());
  });

  it('cannot be changed by the service', async () => {
    for (const { table, column } of await books.columnsOf(Object.keys(WHICH))) {
      const sql = `update ledger.${table} set ${column} = ${column}`;
      await expect(books.service.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
    }
  });

  it('is found and named when the administrator changes it', async () => {
    const unseen = await books.changeEach({ which: WHICH, special: SPECIAL, reported: REPORTED });
    expect(unseen).toEqual({ unfound: [], misnamed: [] });
  }, 60_000);

  it('never lacks a row unseen', async () => {
    const unfound: string[] = [];
    for (const table of Object.keys(TABLES)) {
      const finding = await books.removeOne(table, WHICH[table]);
      if (finding?.table !== TABLES[table]) unfound.push(`${table}: ${JSON.stringify(finding)}`);
    }
    expect(unfound).toEqual([]);
  });

  it.each(
    // prettier-ignore
    [
      { table: 'transfer', set: { seq: '1000', debit_version: '1000', credit_version: '1000' } },
      { table: 'command', set: { id: 'gen_random_uuid()', transfer_count: '0' } },
      { table: 'command', set: { id: 'gen_random_uuid()', batch: '77' } },
      { table: 'batch', set: { no: '77' } },
      { table: 'seal', set: { batch: '77' } },
      { table: 'account', set: { id: '77', code: `'user:usr_x:wallet'`, owner: `'user:usr_x'` } },
      { table: 'account_past_day', set: { booked_on: `'2020-01-01'` } },
    ],
  )('never has a row too many unseen: $table $set', async ({ table, set }) => {
    const finding = await books.addOne(table, WHICH[table], set);
    expect(finding?.table).toBe(TABLES[table]);
  });
});
