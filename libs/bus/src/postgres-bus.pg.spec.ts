import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { newId, newUuid } from '@stuiver/ids';
import { currentTrace, SilentLog, SystemClock, SystemRandom, withTrace } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { eventually, testDatabase, type TestDatabase } from '@stuiver/testing';
import type { StuiverEvent } from '@stuiver/contracts';
import {
  EventTooLarge,
  isFirstTime,
  Outbox,
  PostgresBus,
  Relay,
  type Subscription,
} from './index.js';

const log = new SilentLog();
const clock = new SystemClock();
const random = new SystemRandom();

function closed(orderId: string) {
  return {
    type: 'order.closed.v1' as const,
    subject: orderId,
    data: {
      orderId,
      merchantId: '1900000001',
      outTradeNo: 'no-000001',
      reason: 'merchant' as const,
    },
  };
}

describe('the bus over PostgreSQL', () => {
  let db: TestDatabase;
  let orders: Database;
  let bus: PostgresBus;
  let relay: Relay;
  let subscriptions: Subscription[];
  const outbox = new Outbox({ schema: 'orders', source: '/stuiver/order', clock, random });

  beforeEach(async () => {
    db = await testDatabase();
    orders = await db.open('orders');
    bus = new PostgresBus({ pool: (await db.open('bus')).pool, log });
    relay = new Relay({ source: outbox.openSource(orders.pool), bus, log, name: 'orders' });
    subscriptions = [];
  });

  afterEach(async () => {
    await relay.stop();
    for (const subscription of subscriptions) await subscription.stop();
    await db.close();
  });

  function listen(consumer: string, handle: (event: StuiverEvent) => Promise<void>): void {
    subscriptions.push(
      bus.subscribe({ consumer, topic: 'stuiver.order', types: ['order.closed.v1'], handle }),
    );
  }

  it('carries what a committed transaction said, in order, to every consumer', async () => {
    const heard: Record<string, string[]> = { one: [], two: [] };
    for (const name of ['one', 'two']) {
      listen(name, (event) => {
        heard[name]?.push(event.subject);
        return Promise.resolve();
      });
    }
    relay.start();
    for (let i = 0; i < 30; i += 1)
      await orders.run((tx) => outbox.say(tx, closed(`order-${String(i)}`)));
    relay.wake();
    await eventually(
      'both heard all',
      () => heard['one']?.length === 30 && heard['two']?.length === 30,
    );
    expect([...(heard['one'] ?? [])].sort()).toEqual([...(heard['two'] ?? [])].sort());
  });

  it('says nothing of a transaction that rolled back', async () => {
    const failed = orders.run(async (tx) => {
      await outbox.say(tx, closed('never'));
      throw new Error('power cut');
    });
    await expect(failed).rejects.toThrow('power cut');
    expect(await orders.query('select 1 from orders.outbox')).toEqual([]);
  });

  it('fails the transaction that says more than a transport carries', async () => {
    const large = {
      ...closed('large'),
      data: { ...closed('large').data, outTradeNo: 'x'.repeat(1_000_000) },
    };
    await expect(orders.run((tx) => outbox.say(tx, large))).rejects.toThrow(EventTooLarge);
    expect(await orders.query('select 1 from orders.outbox')).toEqual([]);
  });

  it('carries the trace under which something was said', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const heard: (string | undefined)[] = [];
    listen('traced', () => {
      heard.push(currentTrace()?.traceparent);
      return Promise.resolve();
    });
    await withTrace({ traceparent, requestId: null }, () =>
      orders.run((tx) => outbox.say(tx, closed('traced'))),
    );
    relay.start();
    await eventually('it is heard', () => heard.length === 1);
    expect(heard).toEqual([traceparent]);
  });

  it('tells how much is said and not sent, and since when', async () => {
    const source = outbox.openSource(orders.pool);
    expect(await source.lag()).toEqual({ messages: 0, oldestAgeMs: 0 });
    await orders.run((tx) => outbox.say(tx, closed('unsent')));
    await eventually('it grows old', async () => (await source.lag()).oldestAgeMs > 50);
    expect((await source.lag()).messages).toBe(1);
    relay.start();
    await eventually('it is sent', async () => (await source.lag()).messages === 0);
  });

  it('keeps the order of a subject while its first event fails, and lets others pass', async () => {
    const heard: string[] = [];
    let broken = true;
    listen('picky', (event) => {
      if (broken && event.subject === 'a') return Promise.reject(new Error('not yet'));
      heard.push(`${event.subject}${event.id}`);
      return Promise.resolve();
    });
    await orders.run(async (tx) => {
      for (const subject of ['a', 'b', 'a']) await outbox.say(tx, closed(subject));
    });
    relay.start();
    await eventually('b passes', () => heard.some((text) => text.startsWith('b')));
    expect(heard.some((text) => text.startsWith('a'))).toBe(false);
    broken = false;
    const said = await orders.query<{ event_id: string }>(
      `select event_id from orders.outbox where subject = 'a' order by id`,
    );
    await eventually('a follows', () => heard.filter((text) => text.startsWith('a')).length >= 2);
    const first = heard.filter((text) => text.startsWith('a')).slice(0, 2);
    expect(first).toEqual(said.map((row) => `a${row.event_id}`));
  });

  it('keeps one message of an event that is published twice', async () => {
    await orders.run((tx) => outbox.say(tx, closed('twice')));
    const [row] = await orders.query<{ event: StuiverEvent }>('select event from orders.outbox');
    if (row === undefined) throw new Error('the outbox holds the event');
    await bus.publish('stuiver.order', [row.event]);
    await bus.publish('stuiver.order', [row.event]);
    const admin = await db.open('bus');
    expect(await admin.query('select 1 from bus.message')).toHaveLength(1);
  });

  it('puts what cannot be read aside with the reason and goes on', async () => {
    const heard: string[] = [];
    listen('reader', (event) => {
      heard.push(event.subject);
      return Promise.resolve();
    });
    const store = await db.open('bus');
    await store.query(
      `insert into bus.message (topic, subject, event_id, event) values ('stuiver.order', 'x', $1, '{"type":"nonsense"}')`,
      [newUuid(random)],
    );
    await orders.run((tx) => outbox.say(tx, closed('fine')));
    relay.start();
    await eventually('the good one arrives', () => heard.includes('fine'));
    const letter = await eventually('the bad one is put aside', async () => {
      const letters = await store.query<{ reason: string }>('select reason from bus.dead_letter');
      return letters[0];
    });
    expect(letter.reason).toContain('specversion');
  });

  it('remembers an effect in the transaction that makes it', async () => {
    const message = {
      schema: 'orders' as const,
      consumer: newId('Order', clock.now(), random),
      eventId: newUuid(random),
    };
    const seen = (tx: EntityManager) => isFirstTime(tx, message);
    await expect(
      orders.run(async (tx) => {
        expect(await seen(tx)).toBe(true);
        throw new Error('power cut');
      }),
    ).rejects.toThrow('power cut');
    expect(await orders.run(seen)).toBe(true);
    expect(await orders.run(seen)).toBe(false);
  });
});
