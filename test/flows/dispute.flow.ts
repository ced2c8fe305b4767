import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoMerchant, eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { merchantClient } from '../support/merchant-client.js';
import { operatorClient } from '../support/operator-client.js';
import { type StaffClient, staffClient } from '../support/staff-client.js';

/*
 * A payer's bank takes payments back, whoever holds the money: one dispute is lost and one is won. The merchant sees it,
 * and PSP, ledger and bank add up to the cent after each.
 */

const SETTLED_MS_MAX = 30_000;
const STORY_MS_MAX = 120_000;
/** What the demo's price list takes of 10.00: 1.4 % and 5 cents. */
const FEE_MINOR = 19;

interface TieOut {
  readonly explained: boolean;
  readonly rows: readonly { readonly name: string; readonly differenceMinor: string }[];
}
interface OpenItems {
  readonly items: readonly { readonly kind: string }[];
}
interface Order {
  readonly orderId: string;
  readonly outTradeNo: string;
  readonly attempts: readonly { readonly pspReference: string }[];
  readonly disputes: readonly { readonly state: string; readonly amountMinor: string }[];
}

describe.each(['self-held', 'psp-held'])('a disputed payment, money %s', (mode) => {
  let stuiver: RunningStuiver;
  let merchant: DemoMerchant;
  let marieke: StaffClient;
  let femke: StaffClient;

  beforeAll(async () => {
    stuiver = await startStuiver({ environment: { STUIVER_MONEY_MODE: mode } });
    merchant = await stuiver.merchant();
    marieke = await staffClient(stuiver, 'merchant');
    femke = await staffClient(stuiver, 'finance');
  }, STORY_MS_MAX);
  afterAll(() => stuiver.dispose(), STORY_MS_MAX);

  it.each([
    ['lost', -FEE_MINOR],
    ['won', 1_000 - 2 * FEE_MINOR],
  ] as const)(
    'that is %s is booked and shown so, and everything adds up',
    async (outcome, claimMinor) => {
      const number = `disputed-${outcome}`;
      await pay(number);
      const dispute = await disputed(number);
      await eventually('it is open', () => isShown(number, 'open'), SETTLED_MS_MAX);
      await expectTiedOut();
      await atPsp(`/_test/disputes/${dispute}/${outcome}`, {});
      await eventually('it has ended', () => isShown(number, outcome), SETTLED_MS_MAX);
      await eventually('its merchant has what is left', async () => {
        const account = `merchant:${merchant.mchid}:pending`;
        return (await operator()).balance(account).then((minor) => minor === String(claimMinor));
      });
      await expectTiedOut();
      expect(await (await operator()).trialDifference()).toBe('0');
    },
    STORY_MS_MAX,
  );

  async function pay(number: string): Promise<void> {
    const { code_url: code } = await merchantClient(merchant).post('v3/pay/transactions/native', {
      ...{ appid: merchant.appid, mchid: merchant.mchid, description: 'Koffie' },
      ...{ out_trade_no: number, notify_url: `${stuiver.cafeUrl}/notify` },
      amount: { total: 1_000, currency: 'EUR' },
    });
    const paid = await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code_url: code, method: 'card', outcome: 'success' }),
    });
    expect(await paid.json()).toMatchObject({ trade_state: 'SUCCESS' });
  }

  /** @returns the PSP's own id of the dispute. */
  async function disputed(number: string): Promise<string> {
    const [attempt] = (await orderOf(number)).attempts;
    const door = `/_test/payment_intents/${attempt?.pspReference ?? ''}/disputes`;
    return (await atPsp(door, { reason: 'product_not_received' })).id;
  }

  async function atPsp(path: string, body: object): Promise<{ readonly id: string }> {
    const answer = await fetch(stuiver.sandboxUrl + path, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { authorization: 'Bearer sk_test_stuiver' },
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { id: string };
  }

  async function isShown(number: string, state: string): Promise<boolean> {
    const { disputes } = await orderOf(number);
    return disputes.some((one) => one.state === state && one.amountMinor === '1000');
  }

  async function orderOf(number: string): Promise<Order> {
    const path = `/console/merchants/${merchant.mchid}/orders`;
    const { items } = await marieke.get<{ items: readonly Order[] }>(`${path}?q=${number}`);
    return marieke.get<Order>(`${path}/${items[0]?.orderId ?? ''}`);
  }

  async function operator() {
    return operatorClient(stuiver, await stuiver.operatorToken());
  }

  async function expectTiedOut(): Promise<void> {
    await eventually(
      'PSP, ledger and bank add up',
      async () => {
        const { explained, rows } = await femke.get<TieOut>('/console/finance/tie-out');
        const { items } = await femke.get<OpenItems>('/console/finance/open-items');
        const isTied = rows.every(({ differenceMinor }) => differenceMinor === '0');
        // The shop earned less than was taken back; that is for it to make up for, and no difference.
        const isOwing = ({ kind }: { kind: string }): boolean => kind === 'merchant-below-zero';
        return explained && isTied && items.every(isOwing);
      },
      SETTLED_MS_MAX,
    );
  }
});
