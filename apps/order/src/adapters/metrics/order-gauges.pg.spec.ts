import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GaugeSource } from '@stuiver/ports';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import type { Database } from '@stuiver/postgres';
import { watchOrder } from './order-gauges.js';

const NOW = '2026-11-23T12:00:00Z';

/** Minutes before now, as SQL. */
const ago = (minutes: number): string =>
  `timestamptz '${NOW}' - interval '${String(minutes)} minutes'`;

const order = (id: string): string => `
  insert into orders.payment_order (id, mchid, appid, out_trade_no, state, trade_type, description, notify_url, amount_minor,
    currency, extra, parameters_sha256, created_at, expires_at)
  values ('${id}', '1900000001', 'wx1', 'number-${id}', 'NOTPAY', 'NATIVE', 'tea', 'https://shop.example', 100, 'EUR', '{}', '',
    ${ago(60)}, ${ago(-60)});
  insert into orders.prepay (prepay_id, order_id, created_at, expires_at) values ('p-${id}', '${id}', ${ago(60)}, ${ago(-60)});`;

const attempt = (id: string, state: string, confirmedMinutesAgo: number): string => `
  ${order(id)}
  insert into orders.attempt (id, order_id, prepay_id, user_id, state, method, fee_minor, created_at, confirmed_at, ask_at)
  values ('a-${id}', '${id}', 'p-${id}', 'usr_1', '${state}', 'ideal', 1, ${ago(60)}, ${ago(confirmedMinutesAgo)}, ${ago(0)});`;

const refund = (id: string, of: string, state: string, minutesAgo: number): string => `
  insert into orders.refund (id, refund_no, order_id, mchid, out_refund_no, attempt_id, source, state, amount_minor, currency,
    parameters_sha256, created_at, work_at)
  values ('${id}', '${id}', '${of}', '1900000001', '${id}', 'a-${of}', 'merchant', '${state}', 10, 'EUR', '', ${ago(minutesAgo)},
    ${state === 'abnormal' ? 'null' : ago(0)});`;

const notification = (about: string, exhaustedMinutesAgo: number): string => `
  insert into orders.notification (id, mchid, event_type, about, url, summary, original_type, content_sealed, created_at, exhausted_at)
  values (gen_random_uuid(), '1900000001', 'TRANSACTION.SUCCESS', '${about}', 'https://shop.example', 's', 't', '', ${ago(60)},
    ${ago(exhaustedMinutesAgo)});`;

const review = (of: string, minutesLate: number): string => `
  insert into orders.risk_review (id, order_id, attempt_id, user_id, method, reasons, facts, state, opened_at, deadline_at)
  values ('rev_' || lpad('${of}', 26, '0'), '${of}', 'a-${of}', 'usr_1', 'ideal', '{new-payee/1}', '{}', 'waiting', ${ago(60)},
    ${ago(minutesLate)});`;

const DAY = 24 * 60;

describe('what an operator watches of Order', () => {
  let db: TestDatabase;
  let database: Database;
  const sources: GaugeSource[] = [];

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('orders');
    const gauges = { watch: (source: GaugeSource) => void sources.push(source) };
    watchOrder(gauges, { database, clock: new FixedClock(NOW) });
  });
  afterAll(() => db.close());

  /** `gauge{label}` → value. */
  async function read(): Promise<Readonly<Record<string, number>>> {
    const readings = (await Promise.all(sources.map((source) => source.read()))).flat();
    return Object.fromEntries(
      readings.map(({ gauge, value, labels = {} }) => [
        [gauge, ...Object.values(labels)].join(' '),
        value,
      ]),
    );
  }

  it('is nought of an empty service', async () => {
    expect(await read()).toEqual({
      'stuiver_outbox_unsent order': 0,
      'stuiver_outbox_oldest_seconds order': 0,
      'stuiver_attempts_stuck payment': 0,
      'stuiver_attempts_stuck top-up': 0,
      'stuiver_refunds_stuck requested': 0,
      'stuiver_refunds_stuck processing': 0,
      'stuiver_refunds_stuck abnormal': 0,
      stuiver_notifications_exhausted: 0,
      stuiver_reviews_overdue: 0,
    });
  });

  it('counts what is late, and only that', async () => {
    await database.query(`
      insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at) values ('1900000001', 'm', '', ${ago(60)})`);
    await database.query(`
      insert into orders.mini_program (appid, mchid, name, description, app_secret_sealed, origin_kind, source, created_at)
      values ('wx1', '1900000001', 'm', '', '', 'packaged', 'x', ${ago(60)})`);
    await database.query(
      [
        ...[
          attempt('1', 'unknown', 16),
          attempt('2', 'confirming', 20),
          attempt('3', 'unknown', 14),
        ],
        // The payer may sit at the bank for longer.
        attempt('4', 'redirected', 50),
        ...[review('1', 2), review('2', -2)],
        ...[refund('r1', '1', 'requested', 16), refund('r2', '1', 'requested', 14)],
        ...[refund('r3', '1', 'processing', 11 * DAY), refund('r4', '1', 'processing', 9 * DAY)],
        refund('r5', '1', 'abnormal', 0),
        ...[notification('one', 60), notification('two', 8 * DAY)],
        `insert into orders.outbox (event_id, topic, subject, event, occurred_at, sent_at) values
           (gen_random_uuid(), 't', 's', '{}', ${ago(90)}, ${ago(89)}), (gen_random_uuid(), 't', 's', '{}', ${ago(2)}, null),
           (gen_random_uuid(), 't', 's', '{}', ${ago(1)}, null)`,
      ].join('\n'),
    );
    expect(await read()).toEqual({
      'stuiver_outbox_unsent order': 2,
      'stuiver_outbox_oldest_seconds order': 120,
      'stuiver_attempts_stuck payment': 2,
      'stuiver_attempts_stuck top-up': 0,
      'stuiver_refunds_stuck requested': 1,
      'stuiver_refunds_stuck processing': 1,
      'stuiver_refunds_stuck abnormal': 1,
      stuiver_notifications_exhausted: 1,
      stuiver_reviews_overdue: 1,
    });
  });
});
