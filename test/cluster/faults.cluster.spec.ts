import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoMerchant, eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { killAndAwait, pauseFor } from '../support/cluster.js';
import { merchantClient } from '../support/merchant-client.js';
import { operatorClient } from '../support/operator-client.js';
import { seeded } from '../support/seeded.js';
import { Shoppers } from '../support/shoppers.js';
import { staffClient } from '../support/staff-client.js';

/*
 * While shoppers order, pay and refund without a pause, processes are killed and stopped, one after the other. Then
 * every promise is held against the books. STUIVER_SEED repeats a run; STUIVER_FAULTS makes it longer.
 */

const SEED = Number(process.env['STUIVER_SEED'] ?? '20261123');
const FAULTS = Number(process.env['STUIVER_FAULTS'] ?? '20');
const REPORT = process.env['STUIVER_SOAK_REPORT'];

const STOPPED_MS = 10_000;
const PROGRESS_PAYMENTS = 3;
const PROGRESS_MS_MAX = 120_000;
const SETTLED_MS_MAX = 180_000;
const ORDERS_PER_FAULT_MAX = 60;

const SERVICES = ['order-1', 'order-2', 'ledger-1', 'ledger-2', 'payout-1', 'payout-2'];

interface Fault {
  readonly kind: 'kill' | 'stop';
  readonly process: string;
}

interface TieOut {
  readonly explained: boolean;
  readonly rows: readonly { readonly differenceMinor: string }[];
}

/** Every kind in every CI run; after these, any of them. */
const ALWAYS: readonly Fault[] = [
  ...SERVICES.map((process): Fault => ({ kind: 'kill', process })),
  { kind: 'kill', process: 'postgres' },
  { kind: 'kill', process: 'kafka' },
  { kind: 'stop', process: 'order-1' },
  { kind: 'stop', process: 'ledger-1' },
  { kind: 'stop', process: 'kafka' },
  { kind: 'kill', process: 'psp-sandbox' },
];

describe('a cluster under faults', () => {
  let stuiver: RunningStuiver;
  let merchant: DemoMerchant;
  let shoppers: Shoppers;
  const chance = seeded(SEED);
  const done: { fault: Fault; paymentsAfter: number }[] = [];

  beforeAll(async () => {
    stuiver = await startStuiver();
    merchant = await stuiver.merchant();
    const payers = await stuiver.payers();
    const ordersMax = FAULTS * ORDERS_PER_FAULT_MAX;
    shoppers = new Shoppers({ stuiver, merchant, payers, chance, ordersMax, firstNumber: 1 });
  });

  afterAll(async () => {
    await shoppers.stop();
    await stuiver.dispose();
  });

  it(
    `goes on after each of ${String(FAULTS)} faults (seed ${String(SEED)})`,
    async () => {
      await progress('before the first fault');
      for (const fault of faultsOf(chance, FAULTS)) {
        if (fault.kind === 'kill') await killAndAwait(stuiver, fault.process);
        else await pauseFor(stuiver, fault.process, STOPPED_MS);
        await progress(`after ${fault.kind} of ${fault.process}`);
        done.push({ fault, paymentsAfter: shoppers.paidCount() });
      }
      await shoppers.stop();
      expect(done).toHaveLength(FAULTS);
    },
    FAULTS * PROGRESS_MS_MAX,
  );

  it('keeps every promise: what was told paid is paid, what was accepted is refunded', async () => {
    for (const promised of shoppers.promises) {
      const wanted = statesOf(promised);
      await eventually(
        `${promised.number} is ${wanted.join(' or ')}`,
        async () => wanted.includes(await stateOf(promised.number)),
        SETTLED_MS_MAX,
      );
    }
  }, 600_000);

  it('books each paid order once and each refund once, and the books balance', async () => {
    const operator = operatorClient(stuiver, await stuiver.operatorToken());
    const pending = `merchant:${merchant.mchid}:pending`;
    const paid = await ordersIn(['SUCCESS', 'REFUND']);
    const booked = await eventually(
      'every payment is booked',
      async () => {
        const lines = await operator.statement(pending);
        const gross = amountsOf(lines, 'gross');
        return gross.length >= paid.length
          ? { gross, refund: amountsOf(lines, 'refund') }
          : undefined;
      },
      SETTLED_MS_MAX,
    );
    expect(booked.gross).toEqual(paid.map(({ amountMinor }) => amountMinor).sort(byValue));
    const refunded = shoppers.promises.filter(({ refundAccepted }) => refundAccepted);
    expect(booked.refund).toEqual(expect.arrayContaining(refunded.map((it) => it.amountMinor)));
    expect(new Set(booked.refund).size).toBe(booked.refund.length);
    expect(await operator.trialDifference()).toBe('0');
  }, 300_000);

  it('ends with the PSP, the ledger and the bank in agreement to the cent', async () => {
    const finance = await staffClient(stuiver, 'finance');
    await eventually(
      'the tie-out is 0.00',
      async () => {
        const { explained, rows } = await finance.get<TieOut>('/console/finance/tie-out');
        return explained && rows.every(({ differenceMinor }) => differenceMinor === '0');
      },
      SETTLED_MS_MAX,
    );
  }, 300_000);

  it('tells what happened', async () => {
    const { promises } = shoppers;
    const report = {
      seed: SEED,
      faults: done,
      orders: promises.length,
      paid: shoppers.paidCount(),
      refunds: promises.filter(({ refundAccepted }) => refundAccepted).length,
    };
    expect(report.paid).toBeGreaterThanOrEqual(FAULTS * PROGRESS_PAYMENTS);
    if (REPORT !== undefined) await writeFile(REPORT, JSON.stringify(report, null, 2));
  });

  /** Nothing is stuck when new payments are told paid. */
  async function progress(when: string): Promise<void> {
    const before = shoppers.paidCount();
    await eventually(
      `payments succeed ${when}`,
      () => shoppers.paidCount() >= before + PROGRESS_PAYMENTS,
      PROGRESS_MS_MAX,
    );
  }

  async function stateOf(number: string): Promise<string> {
    const path = `v3/pay/transactions/out-trade-no/${number}`;
    try {
      return String(
        (await merchantClient(merchant).get(path, { mchid: merchant.mchid }))['trade_state'],
      );
    } catch (error) {
      // An order whose opening never got through is no order.
      if (statusOf(error) === 404) return 'NOTPAY';
      throw error;
    }
  }

  async function ordersIn(states: readonly string[]): Promise<readonly { amountMinor: number }[]> {
    const found: { amountMinor: number }[] = [];
    for (const promised of shoppers.promises) {
      if (states.includes(await stateOf(promised.number))) found.push(promised);
    }
    return found;
  }
});

/** An order that nobody was told about may be either; one that was told paid is nothing else. */
function statesOf({ paid, refundAccepted }: { paid: boolean; refundAccepted: boolean }): string[] {
  if (refundAccepted) return ['REFUND'];
  return paid ? ['SUCCESS', 'REFUND'] : ['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED'];
}

function faultsOf(chance: ReturnType<typeof seeded>, count: number): readonly Fault[] {
  const faults = [...ALWAYS];
  while (faults.length < count) {
    const kind = chance.below(4) === 0 ? 'stop' : 'kill';
    faults.push({ kind, process: chance.pick([...SERVICES, 'postgres', 'kafka', 'psp-sandbox']) });
  }
  return faults.slice(0, count);
}

function amountsOf(
  lines: readonly { purpose: string; amountMinor: string }[],
  purpose: string,
): number[] {
  const fitting = lines.filter((line) => line.purpose === purpose);
  return fitting.map(({ amountMinor }) => Number(amountMinor)).sort(byValue);
}

function byValue(a: number, b: number): number {
  return a - b;
}

function statusOf(error: unknown): number | undefined {
  return (error as { response?: { status?: number } }).response?.status;
}
