import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type EventBus, type OutboxSource, PostgresBus } from '@stuiver/bus';
import {
  type EventData,
  type LedgerTransferPosted,
  parseEvent,
  paymentCommand,
  type StuiverEvent,
  TOPICS,
} from '@stuiver/contracts';
import { NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import { eventually, testDatabase, type TestDatabase } from '@stuiver/testing';
import { createLedger, type Ledger } from '../../create-ledger.js';
import { LedgerOutbox } from './ledger-outbox.js';

function paid(
  over: Partial<EventData<'payment.succeeded.v1'>> = {},
): EventData<'payment.succeeded.v1'> {
  return {
    orderId: 'ord_1',
    attemptId: `att_${randomUUID()}`,
    merchantId: '1900000001',
    funds: { kind: 'psp', psp: 'stripe', account: null },
    method: 'ideal',
    amountMinor: '1000',
    feeMinor: '19',
    currency: 'EUR',
    pspReference: 'pi_1',
    succeededAt: '2026-11-23T10:00:00Z',
    ...over,
  };
}

function said(type: string, data: { readonly orderId?: string }): StuiverEvent {
  return parseEvent({
    specversion: '1.0',
    id: randomUUID(),
    source: '/stuiver/order',
    type,
    subject: data.orderId ?? 'x',
    time: '2026-11-23T10:00:00Z',
    datacontenttype: 'application/json',
    data,
  });
}

async function takeAll(source: OutboxSource, limit: number): Promise<LedgerTransferPosted[]> {
  const taken: LedgerTransferPosted[] = [];
  for (let more = true; more;) {
    const went = await source.relay(limit, (events) => {
      expect(events.length).toBeLessThanOrEqual(limit);
      for (const event of events)
        if (event.type === 'ledger.transfer-posted.v1') taken.push(event.data);
      return Promise.resolve();
    });
    more = went === limit;
  }
  return taken;
}

describe('the ledger and its events', () => {
  let db: TestDatabase;
  let bus: EventBus;
  let ledger: Ledger;
  let outbox: LedgerOutbox;

  beforeAll(async () => {
    db = await testDatabase();
    const log = new SilentLog();
    bus = new PostgresBus({ pool: (await db.open('bus')).pool, log });
    const database = await db.open('ledger');
    outbox = new LedgerOutbox(database.pool);
    ledger = createLedger({
      database,
      bus,
      clock: new SystemClock(),
      log,
      crash: new NoCrashPoints(),
    });
  });
  afterAll(async () => {
    await ledger.stop();
    await db.close();
  });

  it('tell each customer of each transfer once, in order and without a gap', async () => {
    const facts = Array.from({ length: 25 }, () => paid());
    await Promise.all(facts.map((fact) => ledger.port.submit(paymentCommand(fact))));
    const events = await takeAll(outbox, 7);
    expect(events.map(({ account, version }) => `${account} ${version}`)).toEqual(
      Array.from({ length: 50 }, (_, index) => `merchant:1900000001:pending ${String(index + 1)}`),
    );
    expect(events[0]).toEqual({
      seq: '1',
      owner: 'merchant:1900000001',
      account: 'merchant:1900000001:pending',
      side: 'credit',
      version: '1',
      amountMinor: '1000',
      balanceAfterMinor: '1000',
      currency: 'EUR',
      counterAccount: 'psp:stripe:balance',
      commandId: events[0]?.commandId,
      commandKind: 'payment',
      purpose: 'gross',
      orderId: 'ord_1',
      attemptId: events[0]?.attemptId,
      refundId: null,
      settlementId: null,
      payoutId: null,
      effectiveAt: '2026-11-23T10:00:00.000Z',
      bookedAt: events[0]?.bookedAt,
    });
    expect(new Set(events.map(({ attemptId }) => attemptId))).toEqual(
      new Set(facts.map(({ attemptId }) => attemptId)),
    );
    expect(await takeAll(outbox, 7)).toEqual([]);
  });

  it('tell both customers of a transfer between them', async () => {
    await ledger.port.submit({
      kind: 'top-up',
      id: randomUUID(),
      effectiveAt: '2026-11-23T10:00:00Z',
      topUpId: 'top_1',
      userId: 'usr_a',
      psp: 'stripe',
      amountMinor: '900',
      currency: 'EUR',
    });
    await ledger.port.submit(
      paymentCommand(
        paid({ funds: { kind: 'wallet', userId: 'usr_a' }, amountMinor: '900', feeMinor: '0' }),
      ),
    );
    const events = await takeAll(outbox, 200);
    expect(events.map(({ account, side }) => `${side} ${account}`)).toEqual([
      'credit user:usr_a:wallet',
      'debit user:usr_a:wallet',
      'credit merchant:1900000001:pending',
    ]);
  });

  it('tell it again, under the same id, when the telling failed', async () => {
    await ledger.port.submit(paymentCommand(paid()));
    const ids: string[][] = [];
    const send =
      (fail: boolean) =>
      (events: readonly StuiverEvent[]): Promise<void> => {
        ids.push(events.map(({ id }) => id));
        return fail ? Promise.reject(new Error('the bus is away')) : Promise.resolve();
      };
    await expect(outbox.relay(10, send(true))).rejects.toThrow('the bus is away');
    await outbox.relay(10, send(false));
    expect(ids[0]).toHaveLength(2);
    expect(ids[1]).toEqual(ids[0]);
  });

  it('are told by one process at a time', async () => {
    await ledger.port.submit(paymentCommand(paid()));
    const went = await outbox.relay(10, async () => {
      expect(await outbox.relay(10, () => Promise.reject(new Error('never called')))).toBe(0);
    });
    expect(went).toBe(2);
  });

  it('book what Order says: once, whether Order submitted it too, and in spite of a neighbour that cannot be booked', async () => {
    const fact = paid({ merchantId: '1900000009' });
    await ledger.port.submit(paymentCommand(fact));
    const other = { ...fact, amountMinor: '5' };
    const refund = { orderId: 'ord_1', refundId: 'rfd_1', merchantId: '1900000009' };
    ledger.start();
    await bus.publish(TOPICS.order, [
      said('payment.succeeded.v1', fact),
      said('payment.succeeded.v1', other),
      said('payment.succeeded.v1', fact),
      said('payment.succeeded-late.v1', {
        orderId: 'ord_2',
        attemptId: 'att_late',
        merchantId: '1900000009',
        psp: 'stripe',
        account: null,
        applicationFeeMinor: '0',
        method: 'ideal',
        amountMinor: '70',
        currency: 'EUR',
        pspReference: 'pi_2',
        succeededAt: '2026-11-23T10:00:00Z',
      } as { orderId: string }),
      said('refund.requested.v1', {
        ...refund,
        attemptId: fact.attemptId,
        outRefundNo: 'r1',
        from: 'merchant',
        amountMinor: '400',
        currency: 'EUR',
        requestedAt: '2026-11-23T11:00:00Z',
      } as { orderId: string }),
      said('refund.succeeded.v1', {
        ...refund,
        outRefundNo: 'r1',
        to: { kind: 'psp', psp: 'stripe', account: null },
        amountMinor: '400',
        feeBackMinor: '0',
        currency: 'EUR',
        succeededAt: '2026-11-23T11:01:00Z',
      } as { orderId: string }),
      said('refund.returned.v1', {
        ...refund,
        to: { kind: 'psp', psp: 'stripe', account: null },
        amountMinor: '400',
        currency: 'EUR',
        returnedAt: '2026-11-24T11:00:00Z',
      } as { orderId: string }),
      said('top-up.succeeded.v1', {
        topUpId: 'top_9',
        userId: 'usr_9',
        psp: 'stripe',
        method: 'ideal',
        amountMinor: '50',
        currency: 'EUR',
        pspReference: 'pi_3',
        succeededAt: '2026-11-23T10:00:00Z',
      } as { orderId?: string }),
    ]);
    const balance = async (account: string): Promise<string | undefined> =>
      (await ledger.port.account(account))?.balanceMinor;
    await eventually(
      'the facts are booked',
      async () => (await balance('user:usr_9:wallet')) === '50',
    );
    await eventually(
      'the refund came back',
      async () => (await ledger.port.account('refund:transit'))?.version === '3',
    );
    expect(await balance('merchant:1900000009:pending')).toBe('581');
    expect(await balance('refund:transit')).toBe('400');
    expect(await balance('suspense:late-success')).toBe('70');
    expect((await ledger.port.trialBalance()).differenceMinor).toBe('0');
  });
});
