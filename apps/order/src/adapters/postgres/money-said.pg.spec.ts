import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Booking, BookingsPage, LedgerBookings } from '@stuiver/contracts';
import { randomUUID } from 'node:crypto';
import { commandIdOf } from '@stuiver/ids';
import { AgreementRows, AgreeWithLedger } from '@stuiver/agreement';
import { Outbox } from '@stuiver/bus';
import { SilentLog, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import pg from 'pg';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { MONEY_KINDS, MoneySaidRows } from './money-said.js';

const NOW = '2026-11-23T12:00:00.000Z';
const AN_HOUR_AGO = '2026-11-23T11:00:00.000Z';
const A_MINUTE_AGO = '2026-11-23T11:59:00.000Z';

const RECORDED = `
  insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at) values ('1900000001', 'm', '', '${AN_HOUR_AGO}');
  insert into orders.mini_program (appid, mchid, name, description, app_secret_sealed, origin_kind, source, created_at)
  values ('wx1', '1900000001', 'm', '', '', 'packaged', 'x', '${AN_HOUR_AGO}');`;

const attempt = (id: string, state: string, endedAt = AN_HOUR_AGO): string => `
  insert into orders.payment_order (id, mchid, appid, out_trade_no, state, trade_type, description, notify_url, amount_minor,
    currency, extra, parameters_sha256, created_at, expires_at)
  values ('o-${id}', '1900000001', 'wx1', 'number-${id}', 'NOTPAY', 'NATIVE', 'tea', 'https://shop.example', 1000, 'EUR', '{}', '',
    '${AN_HOUR_AGO}', '${NOW}');
  insert into orders.prepay (prepay_id, order_id, created_at, expires_at) values ('p-${id}', 'o-${id}', '${AN_HOUR_AGO}', '${NOW}');
  insert into orders.attempt (id, order_id, prepay_id, user_id, state, method, fee_minor, created_at, confirmed_at, ended_at)
  values ('${id}', 'o-${id}', 'p-${id}', 'usr_1', '${state}', 'ideal', 19, '${AN_HOUR_AGO}', '${AN_HOUR_AGO}', '${endedAt}');`;

const refund = (id: string, of: string, source = 'merchant'): string => `
  insert into orders.refund (id, refund_no, order_id, mchid, out_refund_no, attempt_id, source, state, amount_minor, currency,
    parameters_sha256, created_at, succeeded_at)
  values ('${id}', '${id}', 'o-${of}', '1900000001', '${id}', '${of}', '${source}', 'success', 400, 'EUR', '', '${AN_HOUR_AGO}',
    '${AN_HOUR_AGO}');`;

const TOP_UP = `
  insert into orders.top_up (id, user_id, amount_minor, currency, method, state, created_at, ended_at)
  values ('top_1', 'usr_1', 2500, 'EUR', 'ideal', 'succeeded', '${AN_HOUR_AGO}', '${AN_HOUR_AGO}');`;

const DISPUTE = `
  insert into orders.dispute (id, attempt_id, order_id, mchid, state, reason, amount_minor, currency, opened_at,
    withdrawn_minor, withdrawn_at, returned_minor, returned_at, ended_at)
  values ('du_1', 'att_1', 'o-att_1', '1900000001', 'won', 'fraudulent', 600, 'EUR', '${AN_HOUR_AGO}',
    600, '${AN_HOUR_AGO}', 600, '${AN_HOUR_AGO}', '${AN_HOUR_AGO}');`;

/** What the ledger would answer. */
class Booked implements LedgerBookings {
  readonly all = new Map<string, Booking>();

  book(kind: string, subject: string, amountMinor: string, more: Partial<Booking> = {}): void {
    const commandId = commandIdOf(kind, subject);
    const booking = { commandId, kind, subject, amountMinor, bookedAt: AN_HOUR_AGO };
    const key = more.commandId ?? commandId;
    this.all.set(key, { ...booking, outcome: 'posted', isReversed: false, ...more });
  }

  bookings(commandIds: readonly string[]): Promise<readonly Booking[]> {
    return Promise.resolve(commandIds.flatMap((id) => this.all.get(id) ?? []));
  }

  /** Three to a page. */
  bookingsOf(kinds: readonly string[], after: string): Promise<BookingsPage> {
    const posted = [...this.all.values()].filter(
      ({ kind, outcome }) => kinds.includes(kind) && outcome === 'posted',
    );
    const end = Number(after) + 3;
    const next = end < posted.length ? String(end) : null;
    return Promise.resolve({ bookings: posted.slice(Number(after), end), next });
  }
}

describe('what Order says moved money, against what the ledger booked', () => {
  let db: TestDatabase;
  let database: Database;
  let ledger: Booked;
  let rows: AgreementRows;
  let agree: AgreeWithLedger;
  let admin: pg.Client;
  const clock = new FixedClock(NOW);

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('orders');
    admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    const outbox = new Outbox({
      ...{ schema: 'orders', source: '/stuiver/order', clock, random: new SystemRandom() },
    });
    rows = new AgreementRows(database, outbox, { service: 'order', clock });
    await database.query(
      [
        ...[RECORDED, attempt('att_1', 'succeeded'), attempt('att_2', 'refundDue')],
        ...[attempt('att_3', 'failed'), attempt('att_4', 'succeeded', A_MINUTE_AGO)],
        ...[refund('ref_1', 'att_1'), refund('ref_2', 'att_2', 'late-payment'), TOP_UP, DISPUTE],
      ].join(''),
    );
  });
  afterAll(async () => {
    await admin.end();
    await db.close();
  });
  beforeEach(async () => {
    await admin.query(`truncate orders.disagreement, orders.outbox;
      update orders.agreement set said_until = 'epoch', booked_until = 0`);
    ledger = new Booked();
    ledger.book('payment', 'att_1', '1000');
    ledger.book('late-payment', 'att_2', '400');
    for (const id of ['ref_1', 'ref_2']) {
      ledger.book('refund-request', id, '400');
      ledger.book('refund-success', id, '400');
    }
    ledger.book('top-up', 'top_1', '2500');
    ledger.book('dispute-withdrawal', 'du_1', '600');
    ledger.book('dispute-return', 'du_1', '600');
    agree = open();
  });

  /** As another process, or the same after a restart. */
  const open = (): AgreeWithLedger =>
    new AgreeWithLedger(new MoneySaidRows(database), ledger, {
      ...{ kinds: MONEY_KINDS, service: 'order', memory: rows, clock },
      log: new SilentLog(),
    });
  const said = async (): Promise<readonly unknown[]> => {
    const events = await database.query<{ data: unknown }>(
      `select event->'data' as data from orders.outbox order by id`,
    );
    return events.map(({ data }) => data);
  };

  it('agrees when each is booked once with its amount; what is on its way has time', async () => {
    expect(await agree.run()).toEqual([]);
    expect(await agree.run()).toEqual([]);
  });

  it.each(MONEY_KINDS)('shows a %s that is not booked, until it is', async (kind) => {
    const [missing] = [...ledger.all.values()].filter((booking) => booking.kind === kind);
    ledger.all.delete(missing?.commandId ?? '');
    expect(await agree.run()).toMatchObject([{ kind, id: missing?.subject, reason: 'not-booked' }]);
    expect(await agree.run()).toHaveLength(1);
    ledger.book(kind, missing?.subject ?? '', missing?.amountMinor ?? '');
    expect(await agree.run()).toEqual([]);
  });

  it('shows what is booked with another amount, or was refused', async () => {
    ledger.book('payment', 'att_1', '999');
    ledger.book('top-up', 'top_1', '2500', { outcome: 'refused', amountMinor: null });
    expect(await agree.run()).toMatchObject([
      { kind: 'payment', id: 'att_1', reason: 'other-amount' },
      { kind: 'top-up', id: 'top_1', reason: 'refused' },
    ]);
  });

  it('shows what is booked and is not so here, also when it comes later', async () => {
    ledger.book('payment', 'att_3', '1000');
    ledger.book('payment', 'att_9', '1000', { bookedAt: A_MINUTE_AGO });
    expect(await agree.run()).toMatchObject([
      { kind: 'payment', id: 'att_3', reason: 'unknown-here' },
    ]);
    ledger.book('payment', 'att_9', '1000');
    expect(await agree.run()).toHaveLength(2);
  });

  it('shows what is booked a second time under another id, until that is reversed', async () => {
    const commandId = randomUUID();
    ledger.book('payment', 'att_1', '1000', { commandId });
    const twice = { commandId, kind: 'payment', id: 'att_1', reason: 'booked-twice' };
    expect(await agree.run()).toEqual([twice]);
    expect(await agree.run()).toMatchObject([twice]);
    ledger.book('payment', 'att_1', '1000', { commandId, isReversed: true });
    expect(await agree.run()).toEqual([]);
  });

  it('goes on where any process was, and says each change once', async () => {
    const commandId = commandIdOf('payment', 'att_1');
    ledger.book('payment', 'att_1', '999');
    await agree.run();
    const { saidUntil } = await rows.read();
    expect(saidUntil).toEqual(new Date('2026-11-23T11:50:00.000Z'));
    expect(await open().run()).toMatchObject([{ id: 'att_1', reason: 'other-amount' }]);
    const change = { commandId, kind: 'payment', id: 'att_1', at: NOW };
    expect(await said()).toEqual([{ ...change, reason: 'other-amount' }]);
    expect(await rows.standing()).toMatchObject([{ commandId, since: new Date(NOW) }]);
    ledger.book('payment', 'att_1', '1000');
    const [one, other] = [open(), open()];
    await Promise.all([one.run(), other.run()]);
    expect(await said()).toEqual([
      { ...change, reason: 'other-amount' },
      { ...change, reason: null },
    ]);
    expect(await rows.standing()).toEqual([]);
  });
});
