import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoPayer, eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { type MerchantClient, merchantClient } from '../support/merchant-client.js';
import { staffClient } from '../support/staff-client.js';
import { Psp } from './psp.js';
import { SimulatedTime } from './simulated-time.js';

/*
 * The PSP is gone for ten minutes: whoever pays from a balance does not notice, whoever pays through the PSP is told at
 * once to come back, and when it is there again everything goes on by itself.
 */

const DOWN_MINUTES = 10;
/** As many calls without an answer as it takes, and some. */
const TAPS_MAX = 20;
const REFUSED_TAPS = 12;
const BACK_MS_MAX = 60_000;
const STORY_MS_MAX = 240_000;
const OK = 'requestPayment:ok';

interface Shown {
  readonly status: number;
  readonly code?: string;
  readonly attempt_id?: string;
  readonly err_msg?: string | null;
  readonly redirect_url?: string | null;
}
interface TieOut {
  readonly explained: boolean;
  readonly rows: readonly { readonly differenceMinor: string }[];
}

describe('a PSP that is down for ten minutes', () => {
  const begun: string[] = [];
  let stuiver: RunningStuiver;
  let shop: MerchantClient;
  let payer: DemoPayer;
  let psp: Psp;
  let time: SimulatedTime;
  let orders = 0;

  beforeAll(async () => {
    stuiver = await startStuiver();
    shop = merchantClient(await stuiver.merchant());
    const [first] = await stuiver.payers();
    if (first === undefined) throw new Error('the demo has payers');
    payer = first;
    psp = new Psp(stuiver);
    time = await SimulatedTime.of(stuiver);
    const paid = await confirm('down-before', { method: 'ideal' });
    await authorise(paid);
    await isPaid('down-before');
    await psp.vanish();
  }, STORY_MS_MAX);

  afterAll(async () => {
    try {
      await time.close();
    } finally {
      await stuiver.dispose();
    }
  }, BACK_MS_MAX);

  it(
    'is soon not asked any more: payers are told to try again later, and nothing is begun for them',
    async () => {
      let refused: Shown | undefined;
      for (let taps = 0; taps < TAPS_MAX && refused === undefined; taps += 1) {
        const number = nextNumber();
        const shown = await confirm(number, { method: 'ideal' });
        if (shown.status === 503) refused = shown;
        else begun.push(number);
      }
      expect(refused).toMatchObject({ code: 'PSP_UNREACHABLE' });
      const inVain = await psp.callsInVain();
      for (let taps = 0; taps < REFUSED_TAPS; taps += 1) {
        const shown = await confirm(nextNumber(), { method: 'ideal' });
        expect(shown).toMatchObject({ status: 503, code: 'PSP_UNREACHABLE' });
      }
      // A call now and then looks whether it is back; the payers ask nobody.
      expect((await psp.callsInVain()) - inVain).toBeLessThan(REFUSED_TAPS / 2);
    },
    STORY_MS_MAX,
  );

  it(
    'is not missed by who pays from a balance, nor by a merchant that refunds',
    async () => {
      for (let sales = 0; sales < 5; sales += 1) {
        const number = nextNumber();
        const shown = await confirm(number, { method: 'wallet', pin: payer.pin });
        expect(shown).toMatchObject({ err_msg: OK });
        expect(await stateOf(number)).toBe('SUCCESS');
      }
      const refund = await shop.post('v3/refund/domestic/refunds', {
        ...{ out_trade_no: 'down-before', out_refund_no: 'down-before-r' },
        amount: { refund: 200, total: 200, currency: 'EUR' },
      });
      expect(refund).toMatchObject({ status: 'PROCESSING' });
    },
    STORY_MS_MAX,
  );

  it(
    'leaves what it was asked for unknown, and neither paid nor lost',
    async () => {
      await time.pass(DOWN_MINUTES);
      const unexplained = await time.unexplained();
      expect(unexplained.map(({ number }) => number).sort()).toEqual(begun.toSorted());
      for (const number of begun) expect(await stateOf(number)).toBe('NOTPAY');
    },
    STORY_MS_MAX,
  );

  it(
    'is used again by itself when it is back',
    async () => {
      await psp.endFaults();
      const shown = await eventually(
        'a payer gets to the bank',
        async () => {
          const found = await confirm(nextNumber(), { method: 'ideal' });
          return typeof found.redirect_url === 'string' ? found : undefined;
        },
        BACK_MS_MAX,
      );
      await authorise(shown);
    },
    STORY_MS_MAX,
  );

  it(
    'explains at once what was unknown, without a rung of the ladder, and nothing happened twice',
    async () => {
      await eventually(
        'nothing is unknown any more',
        async () => (await time.unexplained()).length === 0,
        BACK_MS_MAX,
      );
      await eventually('the refund is made', isRefunded, BACK_MS_MAX);
      const sides = await psp.sides();
      expect(begun.filter((number) => (sides.get(number)?.kept ?? 0) > 0)).toEqual([]);
      expect(sides.get('down-before')).toMatchObject({ succeeded: 1, kept: 0 });
      const finance = await staffClient(stuiver, 'finance');
      await eventually(
        'the tie-out is 0.00',
        async () => {
          const { explained, rows } = await finance.get<TieOut>('/console/finance/tie-out');
          return explained && rows.every(({ differenceMinor }) => differenceMinor === '0');
        },
        BACK_MS_MAX,
      );
    },
    STORY_MS_MAX,
  );

  function nextNumber(): string {
    orders += 1;
    return `down-${String(orders).padStart(6, '0')}`;
  }

  /** Ordered by the shop, scanned by the payer, and tapped. */
  async function confirm(number: string, how: object): Promise<Shown> {
    const { appid, mchid } = await stuiver.merchant();
    const { code_url: url } = await shop.post('v3/pay/transactions/native', {
      ...{ appid, mchid, description: number, out_trade_no: number },
      ...{ notify_url: `${stuiver.cafeUrl}/notify`, amount: { total: 200, currency: 'EUR' } },
    });
    const code = String(url).split('/p/')[1];
    const { attempt_id: id } = await checkout('/by-code', { code });
    return checkout(`/${String(id)}/confirm`, how);
  }

  async function checkout(path: string, body: object): Promise<Shown> {
    const answer = await fetch(`${stuiver.apiUrl}/checkout/attempts${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${payer.token}` },
      body: JSON.stringify(body),
    });
    return { ...((await answer.json()) as Shown), status: answer.status };
  }

  async function authorise({ redirect_url: url }: Shown): Promise<void> {
    const body = new URLSearchParams({ outcome: 'authorise' });
    const answer = await fetch(String(url), { method: 'POST', body, redirect: 'manual' });
    expect(answer.status).toBeLessThan(400);
  }

  async function isPaid(number: string): Promise<void> {
    const looks = async (): Promise<boolean> => (await stateOf(number)) === 'SUCCESS';
    await eventually(`${number} is paid`, looks, BACK_MS_MAX);
  }

  async function isRefunded(): Promise<boolean> {
    const refund = await shop.get('v3/refund/domestic/refunds/down-before-r');
    return refund['status'] === 'SUCCESS';
  }

  async function stateOf(number: string): Promise<string> {
    const { mchid } = await stuiver.merchant();
    const path = `v3/pay/transactions/out-trade-no/${number}`;
    return String((await shop.get(path, { mchid }))['trade_state']);
  }
});
