import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoMerchant, eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { merchantClient } from '../support/merchant-client.js';
import { operatorClient } from '../support/operator-client.js';
import { type StaffClient, staffClient } from '../support/staff-client.js';

/*
 * Where the PSP holds the money: a merchant finishes its account there, is paid, refunds, and has the rest paid out by
 * the PSP. The ledger follows to the cent. Every process is real; days pass at the sandbox's clock.
 */

const SETTLED_MS_MAX = 30_000;
const STORY_MS_MAX = 120_000;
const IBAN = 'NL91ABNA0417164300';
/** What the demo's price list takes of 10.00: 1.4 % and 5 cents. */
const FEE_MINOR = 19;

interface TieOut {
  readonly explained: boolean;
  readonly rows: readonly {
    readonly name: string;
    readonly differenceMinor: string;
    readonly ledgerMinor?: string;
  }[];
}
interface PspAccount {
  readonly account: { readonly isPaidOut: boolean; readonly missing: readonly string[] } | null;
}

describe('money that the PSP holds', () => {
  let stuiver: RunningStuiver;
  let merchant: DemoMerchant;
  let marieke: StaffClient;
  let femke: StaffClient;
  let connected: string;

  beforeAll(async () => {
    stuiver = await startStuiver({ environment: { STUIVER_MONEY_MODE: 'psp-held' } });
    merchant = await stuiver.merchant();
    marieke = await staffClient(stuiver, 'merchant');
    femke = await staffClient(stuiver, 'finance');
    connected = `psp:stripe:acct:${merchant.mchid}`;
  }, STORY_MS_MAX);
  afterAll(() => stuiver.dispose(), STORY_MS_MAX);

  it('offers no balance, to look at or to pay from', async () => {
    const [payer] = await stuiver.payers();
    expect(payer?.wallet_minor).toBe('0');
    const balance = await fetch(`${stuiver.apiUrl}/wallet/balance`, {
      headers: { authorization: `Bearer ${payer?.token ?? ''}` },
    });
    expect([balance.status, await balance.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'NOT_OFFERED' }),
    ]);
  });

  it(
    'goes to the merchant’s account, less our fee, and comes back out of it',
    async () => {
      await pay('held-000001', 1_000);
      await pay('held-000002', 1_000);
      await merchantClient(merchant).post('v3/refund/domestic/refunds', {
        out_trade_no: 'held-000002',
        out_refund_no: 'held-000002-r',
        amount: { refund: 400, total: 1_000, currency: 'EUR' },
      });
      await eventually(
        'the refund is through',
        async () => (await refundState()) === 'SUCCESS',
        SETTLED_MS_MAX,
      );
      await eventually(
        'the ledger has what the PSP has',
        async () => (await ledgerHas(connected)) === String(2_000 - 2 * FEE_MINOR - 400),
        SETTLED_MS_MAX,
      );
      expect(await heldByPsp()).toBe(2_000 - 2 * FEE_MINOR - 400);
      await expectTiedOut();
    },
    STORY_MS_MAX,
  );

  it('waits at the PSP until the merchant has said where to', async () => {
    const path = `/console/merchants/${merchant.mchid}/psp-account`;
    expect(await marieke.get<PspAccount>(path)).toMatchObject({ account: { isPaidOut: false } });
    const link = await marieke.post(`${path}/links`, {});
    const { url } = link.json as { url: string };
    const done = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ iban: IBAN }),
      redirect: 'manual',
    });
    expect(done.headers.get('location')).toBe(
      `${stuiver.pagesUrl}/merchant/${merchant.mchid}/psp-account`,
    );
    expect(await marieke.get<PspAccount>(path)).toMatchObject({ account: { isPaidOut: true } });
  });

  it(
    'is paid out by the PSP, and the ledger owes the merchant nothing any more',
    async () => {
      for (let days = 0; days < 8 && (await heldByPsp()) > 0; days += 1) {
        const { code, stderr } = await stuiver.cli('bank', 'day');
        expect([code, stderr]).toEqual([0, '']);
      }
      expect(await heldByPsp()).toBe(0);
      await eventually(
        'the ledger heard of the payout',
        async () => (await ledgerHas(connected)) === '0',
        SETTLED_MS_MAX,
      );
      expect(await ledgerHas(`merchant:${merchant.mchid}:pending`)).toBe('0');
      await expectTiedOut();
    },
    STORY_MS_MAX,
  );

  it('needs no file for the bank: none is made', async () => {
    const prepared = await femke.post('/console/finance/batches', {});
    expect(prepared).toMatchObject({ status: 403, json: { code: 'NOT_OFFERED' } });
    const operator = operatorClient(stuiver, await stuiver.operatorToken());
    expect(await operator.trialDifference()).toBe('0');
  });

  async function pay(number: string, total: number): Promise<void> {
    const { code_url: code } = await merchantClient(merchant).post('v3/pay/transactions/native', {
      ...{ appid: merchant.appid, mchid: merchant.mchid, description: 'Koffie' },
      ...{ out_trade_no: number, notify_url: `${stuiver.cafeUrl}/notify` },
      amount: { total, currency: 'EUR' },
    });
    const paid = await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code_url: code, method: 'ideal', outcome: 'success' }),
    });
    expect(await paid.json()).toMatchObject({ trade_state: 'SUCCESS' });
  }

  async function refundState(): Promise<string> {
    const refund = await merchantClient(merchant).get('v3/refund/domestic/refunds/held-000002-r');
    return String(refund['status']);
  }

  async function ledgerHas(account: string): Promise<string> {
    return operatorClient(stuiver, await stuiver.operatorToken()).balance(account);
  }

  /** What the PSP itself says that it has for the merchant, in cents. */
  async function heldByPsp(): Promise<number> {
    const headers = { authorization: 'Bearer sk_test_stuiver' };
    const accounts = (await (
      await fetch(`${stuiver.sandboxUrl}/v1/accounts`, { headers })
    ).json()) as { data: { id: string }[] };
    const id = accounts.data[0]?.id ?? '';
    const answer = await fetch(`${stuiver.sandboxUrl}/v1/balance`, {
      headers: { ...headers, 'stripe-account': id },
    });
    const { available, pending } = (await answer.json()) as Record<string, { amount: number }[]>;
    return [...(available ?? []), ...(pending ?? [])].reduce((sum, { amount }) => sum + amount, 0);
  }

  async function expectTiedOut(): Promise<void> {
    await eventually(
      'PSP, ledger and bank add up',
      async () => {
        const { explained, rows } = await femke.get<TieOut>('/console/finance/tie-out');
        return explained && rows.every(({ differenceMinor }) => differenceMinor === '0');
      },
      SETTLED_MS_MAX,
    );
    expect(await femke.get('/console/finance/open-items')).toMatchObject({ items: [] });
  }
});
