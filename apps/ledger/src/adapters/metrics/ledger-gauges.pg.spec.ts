import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { GaugeSource } from '@stuiver/ports';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { watchLedger } from './ledger-gauges.js';

const NOW = '2026-11-23T12:00:00Z';
const BOOKED = "timestamptz '2026-11-23T11:59:00Z'";

/** One transfer of 500 from the PSP's balance to a wallet, in batch 1. */
const BOOKS = `
  insert into ledger.batch (no, first_seq, transfer_count, command_count, at) values (1, 1, 1, 1, ${BOOKED});
  insert into ledger.seal (batch, root, hash, blind, leaves)
  select 1, zeros, zeros, zeros, zeros from decode(repeat('00', 32), 'hex') as zeros;
  insert into ledger.command (id, kind, content, content_sha256, batch, first_seq, transfer_count)
  values ('00000000-0000-0000-0000-000000000001', 'top-up', '{}', '', 1, 1, 1);
  insert into ledger.account (id, code, owner, currency, normal_side, floor_minor, balance_minor, version) values
    (1, 'psp:stripe:balance', 'operator', 'EUR', 'debit', null, 0, 0),
    (2, 'user:usr_a:wallet', 'user:usr_a', 'EUR', 'credit', 0, 0, 0);
  update ledger.head set batch = 1, last_seq = 1, last_account = 2, at = ${BOOKED};
  insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version, debit_after,
    credit_version, credit_after, effective_at, batch)
  values (1, '00000000-0000-0000-0000-000000000001', 'top-up', 1, 2, 500, 'EUR', 1, 500, 1, 500, ${BOOKED}, 1);`;

describe('what an operator watches of the ledger', () => {
  let db: TestDatabase;
  let waiting = 0;
  const sources: GaugeSource[] = [];

  beforeAll(async () => {
    db = await testDatabase();
    const gauges = { watch: (source: GaugeSource) => void sources.push(source) };
    const database = await db.open('ledger');
    const clock = new FixedClock(NOW);
    watchLedger(gauges, { database, clock, commandsWaiting: () => waiting });
  });
  afterAll(() => db.close());

  async function read(): Promise<Readonly<Record<string, number>>> {
    const readings = (await Promise.all(sources.map((source) => source.read()))).flat();
    return Object.fromEntries(readings.map(({ gauge, value }) => [gauge, value]));
  }

  async function asAdministrator(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: db.adminUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  it('is the head, what waits, and what was not told', async () => {
    expect(await read()).toMatchObject({ stuiver_ledger_head: 0, stuiver_outbox_unsent: 0 });
    await asAdministrator(BOOKS);
    waiting = 7;
    expect(await read()).toEqual({
      stuiver_outbox_unsent: 1,
      stuiver_outbox_oldest_seconds: 60,
      stuiver_ledger_head: 1,
      stuiver_ledger_last_batch_timestamp_seconds: new Date(NOW).getTime() / 1000 - 60,
      stuiver_ledger_commands_waiting: 7,
      stuiver_trial_balance_difference_minor: 0,
      stuiver_clearing_oldest_days: 0,
      stuiver_clearing_overdue_accounts: 0,
      stuiver_safeguarding_owed_minor: 500,
      stuiver_safeguarding_assets_minor: 500,
      stuiver_safeguarding_shortfall_minor: 0,
    });
  });

  it('shows a balance that somebody wrote by hand', async () => {
    await asAdministrator('update ledger.account set balance_minor = 503 where id = 2');
    expect(await read()).toMatchObject({ stuiver_trial_balance_difference_minor: -3 });
  });
});
