import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { type Database, onConnection } from '@stuiver/postgres';
import { eventually, testDatabase, type TestDatabase } from '@stuiver/testing';
import { Outbox, PostgresBus, Relay } from './index.js';

const log = new SilentLog();
const tools = { clock: new SystemClock(), random: new SystemRandom() };

/** An operator, a failover or a proxy ends connections at any moment; the process and its work outlive that. */
describe('a connection that breaks', () => {
  let db: TestDatabase;
  let orders: Database;
  let store: Database;
  let bus: PostgresBus;
  const outbox = new Outbox({ schema: 'orders', source: '/stuiver/order', ...tools });

  beforeEach(async () => {
    db = await testDatabase();
    orders = await db.open('orders');
    store = await db.open('bus');
    bus = new PostgresBus({ pool: store.pool, log });
  });

  afterEach(() => db.close());

  /** A role may end its own connections. @returns how many held a session lock, or were idle. */
  async function breakConnections(
    database: Database,
    which: 'locked' | 'idle' = 'locked',
  ): Promise<number> {
    const condition =
      which === 'idle'
        ? `state = 'idle'`
        : `exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory')`;
    const rows = await database.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity a
       where usename = current_user and datname = current_database()
         and pid <> pg_backend_pid() and ${condition}`,
    );
    return rows.length;
  }

  const say = (orderId: string): Promise<void> =>
    orders.run((tx) =>
      outbox.say(tx, {
        type: 'order.closed.v1',
        subject: orderId,
        data: { orderId, merchantId: '1900000001', outTradeNo: 'no-000001', reason: 'merchant' },
      }),
    );

  it('while an event is handled loses no event, and the next consumer gets the lock', async () => {
    const heard: string[] = [];
    let broken = 0;
    const subscription = bus.subscribe({
      consumer: 'reader',
      topic: 'stuiver.order',
      types: ['order.closed.v1'],
      handle: async (event) => {
        if (broken === 0) broken = await breakConnections(store);
        heard.push(event.subject);
      },
    });
    const relay = new Relay({ source: outbox.openSource(orders.pool), bus, log, name: 'orders' });
    relay.start();
    await say('first');
    await eventually('the lock’s connection is gone', () => broken === 1 && heard.length > 0);
    await say('second');
    await eventually('the next event arrives', () => heard.includes('second'));
    await relay.stop();
    await subscription.stop();
  });

  it('while events are sent has them sent again', async () => {
    await say('once');
    const source = outbox.openSource(orders.pool);
    const cut = source.relay(10, async () => {
      expect(await breakConnections(orders)).toBe(1);
    });
    await expect(cut).rejects.toThrow();
    const sent: string[] = [];
    const again = await source.relay(10, (events) => {
      sent.push(...events.map(({ subject }) => subject));
      return Promise.resolve();
    });
    expect({ again, sent }).toEqual({ again: 1, sent: ['once'] });
  });

  it('after the last query of its work is not given to anybody else', async () => {
    const pidOf = 'select pg_backend_pid() as pid';
    const first = await onConnection(store.pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>(pidOf);
      const gone = new Promise((resolve) => client.once('error', resolve));
      const other = await db.open('bus');
      await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await gone;
      return rows[0]?.pid;
    });
    const second = await onConnection(store.pool, (client) => client.query<{ pid: number }>(pidOf));
    expect(second.rows[0]?.pid).not.toBe(first);
  });

  it('while it is idle in the pool is replaced', async () => {
    const admin = await db.open('orders');
    await orders.query('select 1');
    expect(await breakConnections(admin, 'idle')).toBeGreaterThan(0);
    await eventually('the pool let it go', () => orders.pool.idleCount === 0);
    expect(await orders.query('select 1 as n')).toEqual([{ n: 1 }]);
  });
});
