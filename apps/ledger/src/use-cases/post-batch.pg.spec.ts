import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { LedgerUnavailable, type LedgerCommandOf, type LedgerPort } from '@stuiver/contracts';
import { type Clock, NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { openBooks } from '../open-books.js';

type Payment = LedgerCommandOf<'payment'>;

function payment(over: Partial<Payment> = {}): Payment {
  return {
    kind: 'payment',
    id: randomUUID(),
    effectiveAt: '2026-11-23T10:00:00Z',
    attemptId: 'att_1',
    orderId: 'ord_1',
    merchantId: '1900000001',
    funds: { kind: 'psp', psp: 'stripe', account: null },
    amountMinor: '1000',
    feeMinor: '19',
    currency: 'EUR',
    ...over,
  };
}

function fromWallet(over: Partial<Payment> = {}): Payment {
  return payment({ funds: { kind: 'wallet', userId: 'usr_poor' }, ...over });
}

function openPort(database: Database, clock: Clock = new SystemClock()): LedgerPort {
  const quiet = { log: new SilentLog(), crash: new NoCrashPoints(), onCommitted: () => undefined };
  return openBooks({ database, clock, ...quiet }).port;
}

describe('the batch path', () => {
  let db: TestDatabase;
  let database: Database;
  let ledger: LedgerPort;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    ledger = openPort(database);
  });
  afterAll(() => db.close());

  it('knows how many commands have no answer yet', async () => {
    const quiet = {
      log: new SilentLog(),
      crash: new NoCrashPoints(),
      onCommitted: () => undefined,
    };
    const { port, postBatch } = openBooks({ database, clock: new SystemClock(), ...quiet });
    const answers = [payment(), payment(), payment()].map((command) => port.submit(command));
    expect(postBatch.waitingCount).toBe(3);
    await Promise.all(answers);
    await postBatch.drain();
    expect(postBatch.waitingCount).toBe(0);
  });

  it('books a payment and says what it did', async () => {
    const command = payment({ merchantId: '1900000100' });
    const result = await ledger.submit(command);
    expect(result).toMatchObject({ outcome: 'posted', commandId: command.id });
    expect(result.outcome === 'posted' && result.transfers).toMatchObject([
      {
        purpose: 'gross',
        debit: 'psp:stripe:balance',
        credit: 'merchant:1900000100:pending',
        amountMinor: '1000',
        creditAfterMinor: '1000',
      },
      {
        purpose: 'fee',
        debit: 'merchant:1900000100:pending',
        credit: 'fees:income',
        amountMinor: '19',
        debitAfterMinor: '981',
        debitVersion: '2',
      },
    ]);
    expect(await ledger.account('merchant:1900000100:pending')).toEqual({
      account: 'merchant:1900000100:pending',
      currency: 'EUR',
      normalSide: 'credit',
      balanceMinor: '981',
      heldMinor: '0',
      version: '2',
    });
  });

  it.each([
    { what: 'what it posted', command: payment() },
    { what: 'its refusal', command: fromWallet() },
  ])('gives the same command $what again, also from another process', async ({ command }) => {
    const first = await ledger.submit(command);
    expect(await ledger.submit(command)).toEqual(first);
    expect(await openPort(database).submit(command)).toEqual(first);
    expect(await ledger.void(command.id)).toEqual(first);
  });

  it('keeps a refusal although the money has come meanwhile', async () => {
    const command = fromWallet({ funds: { kind: 'wallet', userId: 'usr_late' } });
    const first = await ledger.submit(command);
    expect(first).toMatchObject({
      outcome: 'refused',
      code: 'FLOOR',
      account: 'user:usr_late:wallet',
      limitMinor: '0',
      shortfallMinor: '1000',
    });
    await ledger.submit({
      kind: 'top-up',
      id: randomUUID(),
      effectiveAt: '2026-11-23T10:00:00Z',
      topUpId: 'top_1',
      userId: 'usr_late',
      psp: 'stripe',
      amountMinor: '5000',
      currency: 'EUR',
    });
    expect(await ledger.submit(command)).toEqual(first);
    expect(await ledger.submit({ ...command, id: randomUUID() })).toMatchObject({
      outcome: 'posted',
    });
  });

  it('refuses other content under a used id, in a later batch and in the same', async () => {
    const command = payment();
    const [first, second] = await Promise.allSettled([
      ledger.submit(command),
      ledger.submit({ ...command, amountMinor: '1001' }),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'COMMAND_CONFLICT', facts: { field: 'id', value: command.id } },
    });
    await expect(ledger.submit({ ...command, feeMinor: '1' })).rejects.toMatchObject({
      code: 'COMMAND_CONFLICT',
    });
  });

  it('books a thousand repeats of one command once', async () => {
    const command = payment({ merchantId: '1900000101' });
    const results = await Promise.all(Array.from({ length: 1_000 }, () => ledger.submit(command)));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect((await ledger.account('merchant:1900000101:pending'))?.version).toBe('2');
  });

  it('voids an unused id for ever', async () => {
    const command = payment();
    const voided = await ledger.void(command.id);
    expect(voided).toMatchObject({ outcome: 'refused', code: 'VOIDED', account: null });
    expect(await ledger.submit(command)).toEqual(voided);
    const other = payment();
    const [first, second] = await Promise.all([ledger.void(other.id), ledger.submit(other)]);
    expect(second).toEqual(first);
  });

  it.each([
    { field: 'id', over: { id: "x','y" } },
    { field: 'amountMinor', over: { amountMinor: '-1' } },
    { field: 'amountMinor', over: { feeMinor: '1.5' } },
    { field: 'effectiveAt', over: { effectiveAt: '0000-01-01T00:00:00Z' } },
    {
      field: 'account',
      over: { merchantId: 'a,b}', amountMinor: '0', funds: { kind: 'wallet', userId: 'usr_late' } },
    },
  ] as const)(
    'refuses a $field that the books cannot hold, and names it',
    async ({ field, over }) => {
      const neighbour = ledger.submit(payment());
      await expect(ledger.submit(payment(over))).rejects.toMatchObject({
        code: 'PARAM_ERROR',
        facts: { field },
      });
      expect(await neighbour).toMatchObject({ outcome: 'posted' });
    },
  );

  it('books texts that only JSON can hold', async () => {
    const strange = 'line\nnul\u0000quote"back\\slash{},\ud800';
    const command = payment({ orderId: strange });
    const first = await ledger.submit(command);
    expect(first.outcome).toBe('posted');
    expect(await openPort(database).submit(command)).toEqual(first);
  });

  it('books time that never runs backwards', async () => {
    const clock = new FixedClock('2030-01-01T00:00:00.000Z');
    const ahead = openPort(database, clock);
    expect((await ahead.submit(payment())).bookedAt).toBe('2030-01-01T00:00:00.000Z');
    expect((await ledger.submit(payment())).bookedAt).toBe('2030-01-01T00:00:00.000Z');
  });

  it('turns callers away when too many wait', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20_010 }, () => ledger.submit(payment())),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({ reason: expect.any(LedgerUnavailable) as unknown });
  }, 60_000);
});

describe('two posters on one database', () => {
  it('book a hot account together: every command once, versions without a gap', async () => {
    const db = await testDatabase();
    try {
      const ports = [openPort(await db.open('ledger')), openPort(await db.open('ledger'))] as const;
      const commands = Array.from({ length: 600 }, (_, n) =>
        payment({ orderId: `ord_${String(n)}` }),
      );
      // Both get every command, in opposite order.
      const answers = await Promise.all([
        inSteps(commands, (command) => ports[0].submit(command)),
        inSteps([...commands].reverse(), (command) => ports[1].submit(command)),
      ]);
      expect(answers[1].reverse()).toEqual(answers[0]);
      const lines = await ports[0].statement('merchant:1900000001:pending', {
        afterVersion: '0',
        limit: 1_000,
      });
      expect(lines.map((line) => line.version)).toEqual(
        lines.map((_line, index) => String(index + 1)),
      );
      expect((await ports[1].account('merchant:1900000001:pending'))?.balanceMinor).toBe(
        String(600 * 981),
      );
      expect((await ports[1].trialBalance()).differenceMinor).toBe('0');
    } finally {
      await db.close();
    }
  }, 60_000);
});

/** Twenty at a time, so that batches of the two posters meet. */
async function inSteps<T>(
  commands: readonly Payment[],
  one: (command: Payment) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < commands.length; at += 20) {
    results.push(...(await Promise.all(commands.slice(at, at + 20).map(one))));
  }
  return results;
}
