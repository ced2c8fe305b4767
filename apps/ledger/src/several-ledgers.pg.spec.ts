import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerCommand, LedgerPort } from '@stuiver/contracts';
import { HttpLedger } from '@stuiver/ledger-client';
import { SilentLog } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { eventually, REPOSITORY_ROOT, testDatabase, type TestDatabase } from '@stuiver/testing';
import type { ChildPlan } from './testing/ledger-child.js';

/** A built program: the tests are preceded by a build. */
const CHILD = join(REPOSITORY_ROOT, 'apps/ledger/dist/testing/ledger-child.js');
const CREDENTIALS = { order: 'o'.repeat(40), payout: 'p'.repeat(40) } as const;
const AT = '2026-11-23T10:00:00.000Z';
const CALLERS = 16;
const NET_MINOR = 981;

const payment = (): LedgerCommand => ({
  ...{ kind: 'payment', id: randomUUID(), effectiveAt: AT, attemptId: 'att', orderId: 'ord' },
  ...{ merchantId: '1900000001', funds: { kind: 'psp', psp: 'stripe', account: null } },
  ...{ amountMinor: '1000', feeMinor: '19', currency: 'EUR' },
});

interface Member {
  readonly url: string;
  readonly child: ChildProcess;
}

describe('several ledgers of the same books', () => {
  let db: TestDatabase;
  let books: Database;
  let members: Member[] = [];

  beforeEach(async () => {
    db = await testDatabase();
    books = await db.open('ledger');
  });
  afterEach(async () => {
    const running = members.filter(
      ({ child }) => child.exitCode === null && child.signalCode === null,
    );
    members = [];
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ child }) => once(child, 'exit')));
    await db.close();
  });

  /** Starts so many, and waits until one of them is the writer and all of them know. */
  const start = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const port = await freePort();
      const plan: ChildPlan = {
        ...{ port, url: db.url('ledger'), busUrl: db.url('bus'), credentials: CREDENTIALS },
        tells: true,
      };
      const child = spawn(process.execPath, [CHILD, JSON.stringify(plan)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      members.push({ url: `http://127.0.0.1:${String(port)}`, child });
    }
    for (const { url } of members) await eventually('it listens', () => isUp(url), 30_000);
    await eventually('one of them writes', async () => (await writer()) !== undefined, 30_000);
  };
  /** Who holds the lock, and says so. */
  const writer = async (): Promise<Member | undefined> => {
    const [row] = await books.query<{ address: string }>(
      `select address from ledger.writer where exists (
         select from pg_locks where locktype = 'advisory' and granted and classid = 7316 and objid = 1
            and database = (select oid from pg_database where datname = current_database()))`,
    );
    return members.find(({ url }) => url === row?.address);
  };
  /** Callers at every member in turn; each says again what got no answer, as callers do. */
  const load = (): Load => new Load(members.map(({ url }) => url));

  it.each([2, 4])(
    'keep every law when %i of them are asked at once on a hot account',
    async (count) => {
      await start(count);
      const running = load();
      await eventually('they book', () => running.done.length >= 600, 60_000);
      await running.stop();
      expect(await lawsBroken(books)).toEqual([]);
      await expectBookedOnce(books, running.done);
    },
    120_000,
  );

  it('go on within about a second when the writer is killed, and lose and double nothing', async () => {
    await start(2);
    const writing = await writer();
    const running = load();
    await eventually('they book', () => running.done.length >= 200, 60_000);
    writing?.child.kill('SIGKILL');
    const killedAt = performance.now();
    const before = running.done.length;
    await eventually('the other one books', () => running.done.length > before + CALLERS, 30_000);
    const gapMs = performance.now() - killedAt;
    await eventually(
      'the other one is the writer',
      async () => (await writer()) !== writing,
      30_000,
    );
    await running.stop();
    expect(await lawsBroken(books)).toEqual([]);
    await expectBookedOnce(books, running.done);
    // Generous: the machine may be busy with other suites.
    expect(gapMs).toBeLessThan(10_000);
  }, 120_000);

  it('go on while the writer stands still, and what it does when it wakes changes nothing twice', async () => {
    await start(2);
    const writing = await writer();
    const running = load();
    await eventually('they book', () => running.done.length >= 200, 60_000);
    writing?.child.kill('SIGSTOP');
    const before = running.done.length;
    await eventually('the other one books', () => running.done.length > before + 200, 60_000);
    await eventually('it takes the lock', async () => (await writer()) !== writing, 60_000);
    writing?.child.kill('SIGCONT');
    const woken = new Load([writing?.url ?? '']);
    await eventually('the woken one serves again', () => woken.done.length >= 100, 60_000);
    await Promise.all([running.stop(), woken.stop()]);
    expect(await writer()).not.toBe(writing);
    expect(await lawsBroken(books)).toEqual([]);
    await expectBookedOnce(books, [...running.done, ...woken.done]);
  }, 180_000);
});

/** Callers that submit payments until told to stop. */
class Load {
  /** Ids of the commands that were answered. */
  readonly done: string[] = [];
  private stopping = false;
  private readonly clients: HttpLedger[];
  private readonly running: Promise<unknown>;

  constructor(urls: readonly string[]) {
    this.clients = urls.map(
      (_, first) =>
        new HttpLedger({
          urls: [...urls.slice(first), ...urls.slice(0, first)],
          ...{ credential: `order:${CREDENTIALS.order}`, log: new SilentLog(), timeoutMs: 2_500 },
        }),
    );
    this.running = Promise.all(
      Array.from({ length: CALLERS }, (_, index) => this.call(this.clients[index % urls.length])),
    );
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    for (const client of this.clients) client.close();
  }

  private async call(ledger: LedgerPort | undefined): Promise<void> {
    while (!this.stopping && ledger !== undefined) {
      const command = payment();
      while (!(await isAnswered(ledger, command)));
      this.done.push(command.id);
    }
  }
}

async function isAnswered(ledger: LedgerPort, command: LedgerCommand): Promise<boolean> {
  return ledger.submit(command).then(
    () => true,
    () => false,
  );
}

/** What the tables themselves say about the laws. */
async function lawsBroken(books: Database): Promise<readonly unknown[]> {
  return books.query(`
    select 'balance' as law, a.code from ledger.account a
     where a.balance_minor <> (
       select coalesce(sum(case when (t.debit = a.id) = (a.normal_side = 'debit') then t.amount_minor else -t.amount_minor end), 0)
         from ledger.transfer t where a.id in (t.debit, t.credit))
        or a.version <> (select count(*) from ledger.transfer t where a.id in (t.debit, t.credit))
    union all
    select 'sequence', h.last_seq::text from ledger.head h
     where h.last_seq <> (select count(*) from ledger.transfer) or h.batch <> (select count(*) from ledger.batch)
    union all
    select 'commands', b.no::text from ledger.batch b
     where b.command_count <> (select count(*) from ledger.command c where c.batch = b.no)`);
}

/** Whatever was answered is there, with its two transfers; and the merchant has the sum of all that is booked. */
async function expectBookedOnce(books: Database, ids: readonly string[]): Promise<void> {
  const [row] = await books.query<{ found: string; booked: string; balance: string }>(
    `select (select count(*) from ledger.command where id = any ($1::uuid[]) and transfer_count = 2) as found,
            (select count(*) from ledger.command) as booked,
            (select balance_minor from ledger.account where code = 'merchant:1900000001:pending') as balance`,
    [ids],
  );
  expect(row).toMatchObject({
    found: String(new Set(ids).size),
    balance: String(Number(row?.booked) * NET_MINOR),
  });
}

async function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
