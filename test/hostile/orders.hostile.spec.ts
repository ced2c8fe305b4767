import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { operatorClient } from '../support/operator-client.js';
import { seeded } from '../support/seeded.js';
import { staffClient } from '../support/staff-client.js';
import { HostilePayers, type Told } from './hostile-payers.js';
import { planOf } from './plan.js';
import { Psp, type PspSide } from './psp.js';
import { SimulatedTime } from './simulated-time.js';

/*
 * Orders on the worst day: webhooks lost, doubled, late and out of order, answers of the PSP lost after it did the work,
 * fingers that tap twice, tabs closed at the bank, payers who come back late or in two tabs. Then every order is held
 * against the PSP's own books. STUIVER_SEED repeats a run; STUIVER_ORDERS makes it longer.
 */

const SEED = Number(process.env['STUIVER_SEED'] ?? '20261123');
const ORDERS = Number(process.env['STUIVER_ORDERS'] ?? '1000');
const REPORT = process.env['STUIVER_SOAK_REPORT'];

const STUCK_MINUTES_MAX = 15;
/** Longer than an order lives, shorter than the PSP keeps a key. */
const EXPIRED_MINUTES = 180;
const SETTLED_MS_MAX = 120_000;
/** A machine that others keep busy is slow, not wrong. */
const STORY_MS_MAX = 120_000 + ORDERS * 1_500;
const NOTHING: PspSide = { kept: 0, keptMinor: 0, succeeded: 0, open: 0 };

interface TieOut {
  readonly explained: boolean;
  readonly rows: readonly { readonly differenceMinor: string }[];
}

interface Judged extends Told {
  readonly state: string;
  readonly side: PspSide;
}

describe(`${String(ORDERS)} hostile orders (seed ${String(SEED)})`, () => {
  let stuiver: RunningStuiver;
  let psp: Psp;
  let payers: HostilePayers;
  let time: SimulatedTime;
  let judged: readonly Judged[] = [];
  let seconds = 0;
  const counted = { stuck: Number.NaN, differenceMinor: Number.NaN };

  beforeAll(async () => {
    stuiver = await startStuiver();
    psp = new Psp(stuiver);
    time = await SimulatedTime.of(stuiver);
    const [merchant, people] = [await stuiver.merchant(), await stuiver.payers()];
    payers = new HostilePayers({ stuiver, merchant, payers: people, psp });
    const plan = planOf(seeded(SEED), { count: ORDERS, payers: people.length });
    await psp.spoilEvents(SEED);
    const since = performance.now();
    await payers.goThrough(plan);
    seconds = (performance.now() - since) / 1_000;
    await psp.endFaults();
  }, STORY_MS_MAX);

  afterAll(async () => {
    try {
      await time.close();
    } finally {
      await stuiver.dispose();
    }
  }, 60_000);

  it(
    'are not stuck a quarter of an hour after the faults stop',
    async () => {
      await payers.answerLate('late');
      await time.pass(STUCK_MINUTES_MAX);
      const unexplained = await time.unexplained();
      const waiting = (await judge()).filter(
        ({ state, side }) => state === 'NOTPAY' && side.kept > 0,
      );
      counted.stuck = unexplained.length + waiting.length;
      expect({ unexplained, waiting: waiting.map(numberOf) }).toEqual({
        ...{ unexplained: [], waiting: [] },
      });
    },
    STORY_MS_MAX,
  );

  it(
    'are all paid, given back or closed when their time is over',
    async () => {
      await time.expire(EXPIRED_MINUTES);
      await payers.answerLate('after-expiry');
      await time.pass(STUCK_MINUTES_MAX);
      judged = await judge();
      expect(judged.filter(({ state }) => state === 'NOTPAY').map(numberOf)).toEqual([]);
      expect(judged).toHaveLength(ORDERS);
      expect(judged.filter(({ side }) => side.open > 0).map(numberOf)).toEqual([]);
    },
    STORY_MS_MAX,
  );

  it('charge nobody twice', () => {
    expect(judged.filter(isChargedTwice).map(numberOf)).toEqual([]);
  });

  it('lose nothing: what the PSP kept is paid, what is not paid was given back', () => {
    expect(judged.filter(isUneven).map(numberOf)).toEqual([]);
  });

  it('keep what was told: paid stays paid, and an accepted refund is made', () => {
    expect(judged.filter(isBroken).map(numberOf)).toEqual([]);
  });

  it('are booked once each, and the books balance', async () => {
    const operator = operatorClient(stuiver, await stuiver.operatorToken());
    const { mchid } = await stuiver.merchant();
    const lines = await operator.statement(`merchant:${mchid}:pending`);
    const gross = lines.filter(({ purpose }) => purpose === 'gross');
    const paid = judged.filter(({ state }) => state === 'SUCCESS' || state === 'REFUND');
    expect(gross.map(({ amountMinor }) => Number(amountMinor)).sort(byValue)).toEqual(
      paid.map(({ order }) => order.amountMinor).sort(byValue),
    );
    expect(await operator.trialDifference()).toBe('0');
  });

  it(
    'leave the PSP and the ledger in agreement to the cent',
    async () => {
      const operator = operatorClient(stuiver, await stuiver.operatorToken());
      const finance = await staffClient(stuiver, 'finance');
      await eventually(
        'the tie-out is 0.00',
        async () => {
          const { explained, rows } = await finance.get<TieOut>('/console/finance/tie-out');
          return explained && rows.every(({ differenceMinor }) => differenceMinor === '0');
        },
        SETTLED_MS_MAX,
      );
      const booked = Number(await operator.balance('psp:stripe:balance'));
      counted.differenceMinor = booked - (await psp.balanceMinor());
      expect(counted.differenceMinor).toBe(0);
    },
    STORY_MS_MAX,
  );

  it('tell what happened', async () => {
    const count = (is: (one: Judged) => boolean): number => judged.filter(is).length;
    const report = {
      ...{ seed: SEED, orders: judged.length, seconds: Math.round(seconds) },
      paid: count(({ state }) => state === 'SUCCESS'),
      refunded: count(({ state }) => state === 'REFUND'),
      closed: count(({ state }) => state === 'CLOSED'),
      paidTwiceAndGivenBack: count(({ side }) => side.succeeded > 1),
      paidTooLateAndGivenBack: count(({ state, side }) => state === 'CLOSED' && side.succeeded > 0),
      spoiltAnswers: count(({ order }) => order.fault !== null && order.method !== 'wallet'),
      tappedTwice: count(({ order }) => order.isTappedTwice),
      doubleCharges: count(isChargedTwice),
      lost: count((one) => isUneven(one) || isBroken(one)),
      ...counted,
    };
    expect(report.paid).toBeGreaterThan(ORDERS / 2);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    if (REPORT !== undefined) await writeFile(REPORT, JSON.stringify(report, null, 2));
  });

  async function judge(): Promise<readonly Judged[]> {
    const sides = await psp.sides();
    const found: Judged[] = [];
    for (const told of payers.told) {
      const { number } = told.order;
      const state = await payers.stateOf(number);
      found.push({ ...told, state, side: sides.get(number) ?? NOTHING });
    }
    return found;
  }
});

const isChargedTwice = ({ side }: Judged): boolean => side.kept > 1;

/** The PSP keeps something else than what the order owes. */
function isUneven({ order, state, side }: Judged): boolean {
  const isOwed = order.method !== 'wallet' && state === 'SUCCESS';
  return side.keptMinor !== (isOwed ? order.amountMinor : 0);
}

/** It is no longer what somebody was told. */
function isBroken({ paid, refundAccepted, state }: Judged): boolean {
  if (refundAccepted) return state !== 'REFUND';
  return paid && state !== 'SUCCESS';
}

/** Enough to find it again. */
function numberOf({ order, state, side }: Judged): object {
  return { ...order, state, side };
}

function byValue(a: number, b: number): number {
  return a - b;
}
