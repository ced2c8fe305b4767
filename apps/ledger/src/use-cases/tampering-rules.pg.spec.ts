import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LedgerCommand, LedgerCommandOf } from '@stuiver/contracts';
import { PostgresAudit } from '../adapters/postgres/postgres-audit.js';
import type { Books } from '../open-books.js';
import { type Place, TamperedBooks } from '../testing/tampered-books.js';
import { VerifyLedger } from './verify-ledger.js';

const NOT_GRANTED = '42501';

const currency = 'EUR' as const;
const common = { effectiveAt: '2026-11-23T10:00:00Z', currency };
const walletOf = (userId: string): string => `user:${userId}:wallet`;

function topUp(userId: string): LedgerCommandOf<'top-up'> {
  return {
    ...{ kind: 'top-up', id: randomUUID(), ...common, topUpId: 'top_1', psp: 'stripe' },
    ...{ userId, amountMinor: '9000' },
  };
}

function place(amountMinor: string): LedgerCommandOf<'hold-place'> {
  return {
    ...{ kind: 'hold-place', id: randomUUID(), ...common, account: walletOf('usr_a') },
    ...{ amountMinor, expiresAt: null },
  };
}

function setAccount(
  userId: string,
  over: Partial<LedgerCommandOf<'account-set'>>,
): LedgerCommandOf<'account-set'> {
  return { kind: 'account-set', id: randomUUID(), ...common, account: walletOf(userId), ...over };
}

function setLimit(
  name: string,
  over: Partial<NonNullable<LedgerCommandOf<'limit-set'>['limit']>> | null,
): LedgerCommandOf<'limit-set'> {
  const limit = {
    ...({ window: { kind: 'rolling', seconds: 3600 }, side: 'debit', counterparty: null } as const),
    ...{ countMax: '9', sumMaxMinor: '5000' },
  };
  return {
    ...{ kind: 'limit-set', id: randomUUID(), ...common },
    ...{ subject: `account:${walletOf('usr_c')}`, name },
    limit: over === null ? null : { ...limit, ...over },
  };
}

/** Holds in each state, terms and limits that were set more than once, a closed month, a reversal. */
async function fill({ port, closePeriod }: Books): Promise<void> {
  const submit = async <T extends LedgerCommand>(command: T): Promise<T> => {
    expect(await port.submit(command)).toMatchObject({ outcome: 'posted' });
    return command;
  };
  await closePeriod.run('2026-10');
  const topUps = [await submit(topUp('usr_a')), await submit(topUp('usr_b'))];
  const [open, released] = [await submit(place('700')), await submit(place('300'))];
  const captures = [{ credit: 'merchant:19:pending', amountMinor: '200' }];
  await submit({
    ...{ kind: 'hold-capture', id: randomUUID(), ...common },
    ...{ holdId: `${open.id}.0`, final: false, captures },
  });
  await submit({
    ...{ kind: 'hold-release', id: randomUUID(), ...common },
    ...{ holdId: `${released.id}.0`, amountMinor: null },
  });
  await submit(setAccount('usr_c', { ceilingMinor: '20000', state: 'frozen-debit' }));
  await submit(setAccount('usr_c', { ceilingMinor: '30000', floorMinor: '0', state: 'open' }));
  await submit(setLimit('spend', { countMax: '3' }));
  await submit(setLimit('spend', {}));
  await submit(setLimit('often', {}));
  await submit(setLimit('often', null));
  await submit({
    ...{ kind: 'reversal', id: randomUUID(), ...common },
    ...{ commandId: topUps[1]?.id ?? '', parts: [{ transfer: 0, amountMinor: '50' }] },
  });
}

/** The row that is changed. */
const WHICH: Readonly<Record<string, string>> = {
  hold: `state = 'open'`,
  velocity_limit: 'true',
  period: 'true',
  reversal: 'true',
  told: 'true',
};

/** Some columns bind each other: what is changed with them. */
const SPECIAL: Readonly<Record<string, string>> = {
  'hold.placed_minor': 'placed_minor + 1, remaining_minor = remaining_minor + 1',
  'hold.captured_minor': 'captured_minor + 1, remaining_minor = remaining_minor - 1',
  'hold.released_minor': 'released_minor + 1, remaining_minor = remaining_minor - 1',
  'hold.remaining_minor': 'remaining_minor + 1, placed_minor = placed_minor + 1',
  'hold.state': `'released', remaining_minor = 0, released_minor = released_minor + remaining_minor`,
  'velocity_limit.window_kind': `'day', window_seconds = null`,
  'velocity_limit.side': `'credit'`,
  'period.month': `'2026-09'`,
  'reversal.before_minor': '10',
};

const REPORTED: Readonly<Record<string, Place>> = {
  'hold.remaining_minor': { table: 'hold', column: 'placed_minor' },
  // The name is another: under the old one, there is none.
  'velocity_limit.subject': { table: 'velocity_limit', column: 'name' },
  'period.command_id': { table: 'period', column: 'command_id' },
  // Nothing else in the books says what it was: the row is named.
  'reversal.original_minor': { table: 'reversal', column: 'reverses' },
  'told.shard': { table: 'told', column: 'last_seq' },
};

describe('rules, holds and reversals', () => {
  let books: TamperedBooks;

  beforeAll(async () => {
    books = await TamperedBooks.open(fill);
  }, 60_000);
  afterAll(() => books.close());

  it('are as they must be before anybody touches them', async () => {
    const verified = await new VerifyLedger(new PostgresAudit(books.database.pool)).run();
    expect(verified).toMatchObject({ finding: undefined, commands: 14 });
  });

  it('cannot be changed by the service', async () => {
    for (const { table, column } of await books.columnsOf(Object.keys(WHICH))) {
      if (table === 'told') continue;
      const sql = `update ledger.${table} set ${column} = ${column}`;
      await expect(books.service.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
    }
  });

  it('are found and named when the administrator changes them', async () => {
    const unseen = await books.changeEach({ which: WHICH, special: SPECIAL, reported: REPORTED });
    expect(unseen).toEqual({ unfound: [], misnamed: [] });
  }, 60_000);

  it.each(
    // prettier-ignore
    [
      ['state', `'frozen'`],
      ['own_floor_minor', '-1, floor_minor = -1'],
      ['ceiling_minor', '30001'],
      ['limited', 'false'],
      ['held_minor', '1, floor_minor = -1, own_floor_minor = -1'],
    ],
  )(
    'are found where the terms of an account are not those that were set: %s',
    async (column, to) => {
      const where = `where code = '${walletOf('usr_c')}'`;
      const finding = await books.after(`update ledger.account set ${column} = ${to} ${where}`);
      expect(finding).toMatchObject({ table: 'account', column });
    },
  );

  it.each(['hold', 'velocity_limit', 'period', 'reversal', 'told'])(
    'never lack a row unseen: %s',
    async (table) => {
      expect(await books.removeOne(table, WHICH[table])).toMatchObject({ table });
    },
  );

  it.each(
    // prettier-ignore
    [
      { table: 'hold', set: { id: `id || '1'` } },
      { table: 'velocity_limit', set: { name: `'other'` } },
      { table: 'period', set: { open_from: `'2025-01-01'`, command_id: 'gen_random_uuid()' } },
      { table: 'reversal', set: { seq: '1', before_minor: '7000', after_minor: '7001' } },
    ],
  )('never have a row too many unseen: $table', async ({ table, set }) => {
    expect(await books.addOne(table, WHICH[table], set)).toMatchObject({ table });
  });
});
