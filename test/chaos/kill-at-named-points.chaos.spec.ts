import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DemoMerchant,
  type DemoPayer,
  eventually,
  type RunningStuiver,
  startStuiver,
} from '@stuiver/testing';
import { merchantClient } from '../support/merchant-client.js';
import { operatorClient } from '../support/operator-client.js';

/*
 * Power cuts. At each named point the process dies by SIGKILL in the middle of a payment or a refund; the next start
 * must carry on and end with one debit, one credit, one settlement line and books that balance.
 */

const TOTAL_MINOR = 325;
const REFUND_MINOR = 125;
const SETTLED_MS_MAX = 30_000;

interface Story {
  readonly point: string;
  readonly method: 'wallet' | 'ideal';
  readonly refunds: boolean;
}

const STORIES: readonly Story[] = [
  { point: 'wallet.attempt-confirming', method: 'wallet', refunds: false },
  { point: 'wallet.ledger-posted', method: 'wallet', refunds: false },
  { point: 'wallet.result-recorded', method: 'wallet', refunds: false },
  { point: 'ideal.attempt-confirming', method: 'ideal', refunds: false },
  { point: 'ideal.psp-opened', method: 'ideal', refunds: false },
  { point: 'ideal.webhook-kept', method: 'ideal', refunds: false },
  { point: 'ideal.result-recorded', method: 'ideal', refunds: false },
  { point: 'refund.recorded', method: 'wallet', refunds: true },
  { point: 'refund.ledger-posted', method: 'ideal', refunds: true },
  { point: 'refund.accepted', method: 'ideal', refunds: true },
  { point: 'refund.psp-called', method: 'ideal', refunds: true },
  { point: 'refund.success-recorded', method: 'wallet', refunds: true },
];

describe('a power cut', () => {
  let stuiver: RunningStuiver;
  let merchant: DemoMerchant;
  let payer: DemoPayer;
  const settled: string[] = [];

  beforeAll(async () => {
    stuiver = await startStuiver();
    merchant = await stuiver.merchant();
    const [first] = await stuiver.payers();
    if (first === undefined) throw new Error('the demo has payers');
    payer = first;
  }, 90_000);

  afterAll(async () => {
    await stuiver.dispose();
  }, 30_000);

  it.each(STORIES)(
    'at $point loses and doubles nothing',
    async (story) => {
      const before = await countLines();
      await stuiver.stop();
      stuiver = await startStuiver({
        after: stuiver,
        environment: { STUIVER_CRASH_AT: story.point },
      });
      const number = `chaos-${story.point.replace('.', '-')}`.slice(0, 32);
      await carryOut(story, number).catch(() => undefined);
      await stuiver.ended();

      stuiver = await startStuiver({ after: stuiver });
      await finish(story, number);
      const operator = operatorClient(stuiver, await stuiver.operatorToken());
      const order = await merchantClient(merchant).get(
        `v3/pay/transactions/out-trade-no/${number}`,
        { mchid: merchant.mchid },
      );
      expect(order['trade_state']).toBe(story.refunds ? 'REFUND' : 'SUCCESS');
      const expected = {
        gross: before.gross + 1,
        fee: before.fee + 1,
        refund: before.refund + (story.refunds ? 1 : 0),
      };
      const after = await eventually(
        'the merchant’s account shows it all',
        async () => {
          const found = await countLines();
          return found.gross + found.fee + found.refund >=
            expected.gross + expected.fee + expected.refund
            ? found
            : undefined;
        },
        SETTLED_MS_MAX,
      );
      expect(after).toEqual(expected);
      expect(await operator.trialDifference()).toBe('0');
      settled.push(number);
    },
    120_000,
  );

  it('of any kind leaves one settlement line for each booking, and the payout equals their sum', async () => {
    const run = await stuiver.cli('payout', 'run', '--date', 'today');
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const operator = operatorClient(stuiver, await stuiver.operatorToken());
    expect(await operator.trialDifference()).toBe('0');
    expect(await operator.balance(`merchant:${merchant.mchid}:pending`)).toBe('0');
    expect(settled).toHaveLength(STORIES.length);
  }, 60_000);

  /** Lines of the merchant's pending account, by what they are for. */
  async function countLines(): Promise<{ gross: number; fee: number; refund: number }> {
    const operator = operatorClient(stuiver, await stuiver.operatorToken());
    const lines = await operator.statement(`merchant:${merchant.mchid}:pending`);
    const count = (purpose: string): number =>
      lines.filter((line) => line.purpose === purpose).length;
    return { gross: count('gross'), fee: count('fee'), refund: count('refund') };
  }

  /** Orders, pays and perhaps refunds; somewhere on the way the process dies. */
  async function carryOut(story: Story, number: string): Promise<void> {
    const prepay = await order(number);
    await pay(story, prepay);
    if (!story.refunds) return;
    await untilState(number, ['SUCCESS']);
    await refund(number);
  }

  /** What an honest client does after a lost answer: the same calls again. */
  async function finish(story: Story, number: string): Promise<void> {
    const state = await untilState(number, ['SUCCESS', 'REFUND', 'NOTPAY']);
    if (state === 'NOTPAY') {
      await eventually(
        'the order can be paid again, or was paid',
        async () => {
          await pay(story, await order(number)).catch(() => undefined);
          return (await stateOf(number)) !== 'NOTPAY';
        },
        SETTLED_MS_MAX,
      );
    }
    if (!story.refunds) return;
    await refund(number);
    await eventually(
      'the refund is done',
      async () => {
        const found = await merchantClient(merchant).get(`v3/refund/domestic/refunds/${number}-r`);
        return found['status'] === 'SUCCESS';
      },
      SETTLED_MS_MAX,
    );
  }

  async function order(number: string): Promise<string> {
    const answer = await merchantClient(merchant).post('v3/pay/transactions/jsapi', {
      appid: merchant.appid,
      mchid: merchant.mchid,
      description: 'Koffie',
      out_trade_no: number,
      notify_url: `${stuiver.cafeUrl}/notify`,
      amount: { total: TOTAL_MINOR, currency: 'EUR' },
      payer: { openid: payer.openid },
    });
    return String(answer['prepay_id']);
  }

  async function pay(story: Story, prepayId: string): Promise<void> {
    await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        prepay_id: prepayId,
        openid: payer.openid,
        method: story.method,
        outcome: 'success',
      }),
    });
  }

  async function refund(number: string): Promise<void> {
    await merchantClient(merchant).post('v3/refund/domestic/refunds', {
      out_trade_no: number,
      out_refund_no: `${number}-r`,
      amount: { refund: REFUND_MINOR, total: TOTAL_MINOR, currency: 'EUR' },
    });
  }

  async function stateOf(number: string): Promise<string> {
    const found = await merchantClient(merchant).get(`v3/pay/transactions/out-trade-no/${number}`, {
      mchid: merchant.mchid,
    });
    return String(found['trade_state']);
  }

  function untilState(number: string, states: readonly string[]): Promise<string> {
    return eventually(
      `order ${number} is ${states.join(' or ')}`,
      async () => {
        const state = await stateOf(number);
        return states.includes(state) ? state : undefined;
      },
      SETTLED_MS_MAX,
    );
  }
});
