import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DemoMerchant,
  type DemoPayer,
  eventually,
  type RunningStuiver,
  startStuiver,
} from '@stuiver/testing';
import { merchantClient } from '../support/merchant-client.js';
import { type StaffClient, staffClient } from '../support/staff-client.js';

/*
 * A payer pays from the wallet and from a bank, keeps the receipts, spends what is left and asks to be forgotten.
 * Every process is real; receipts are checked by the command that needs nothing but itself and the public key.
 */

const STORY_MS_MAX = 120_000;

interface Receipt {
  readonly command: { readonly metadata: string | null };
  readonly metadata: { readonly fields: Readonly<Record<string, string>> } | null;
  readonly transfers: readonly { readonly facts: { readonly amountMinor: string } }[];
}
interface History {
  readonly items: readonly { id: string; kind: string; amount_minor: string }[];
}

describe('a payer who asks to be forgotten', () => {
  let stuiver: RunningStuiver;
  let merchant: DemoMerchant;
  let clerk: StaffClient;
  let sanne: DemoPayer;
  let other: DemoPayer;
  const kept: string[] = [];
  let orders = 0;

  beforeAll(async () => {
    stuiver = await startStuiver();
    merchant = await stuiver.merchant();
    clerk = await staffClient(stuiver, 'merchant');
    const [first, second] = await stuiver.payers();
    if (first === undefined || second === undefined) throw new Error('the demo has payers');
    sanne = first;
    other = second;
  }, STORY_MS_MAX);
  afterAll(() => stuiver.dispose(), STORY_MS_MAX);

  async function pay(amountMinor: number, method: 'wallet' | 'ideal'): Promise<string> {
    orders += 1;
    const number = `erase-${String(orders).padStart(4, '0')}`;
    const { prepay_id } = await merchantClient(merchant).post('v3/pay/transactions/jsapi', {
      ...{ appid: merchant.appid, mchid: merchant.mchid, description: `Taart nr. ${number}` },
      ...{ out_trade_no: number, notify_url: `${stuiver.cafeUrl}/notify` },
      ...{ amount: { total: amountMinor, currency: 'EUR' }, payer: { openid: sanne.openid } },
    });
    const answer = await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prepay_id, openid: sanne.openid, method, outcome: 'success' }),
    });
    expect(await answer.json()).toMatchObject({ errMsg: 'requestPayment:ok' });
    return orderOf(amountMinor);
  }

  async function orderOf(amountMinor: number): Promise<string> {
    const answer = await asPayer(sanne, '/wallet/history');
    const { items } = (await answer.json()) as History;
    const found = items.find((item) => item.amount_minor === `-${String(amountMinor)}`);
    if (found === undefined) throw new Error('the payment is in the history');
    return found.id;
  }

  function asPayer(payer: DemoPayer, path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${payer.token}` };
    return fetch(`${stuiver.apiUrl}${path}`, { headers });
  }

  const receiptPath = (orderId: string): string => `/wallet/payments/${orderId}/receipt`;
  const clerkPath = (orderId: string): string =>
    `/console/merchants/${merchant.mchid}/orders/${orderId}/receipt`;

  /** As the payer or the merchant would, on a machine without Stuiver. */
  async function check(receipt: unknown): Promise<{ code: number; stdout: string }> {
    const answer = await fetch(`${stuiver.apiUrl}/ledger/keys`);
    const { keys } = (await answer.json()) as { keys: { publicKeyPem: string }[] };
    const [file, key] = ['receipt.json', 'key.pem'].map((name) => join(stuiver.dataDir, name));
    await writeFile(file ?? '', JSON.stringify(receipt));
    await writeFile(key ?? '', keys[0]?.publicKeyPem ?? '');
    return stuiver.cli('receipt', 'verify', file ?? '', '--key', key ?? '');
  }

  async function expectWhole(): Promise<void> {
    const verified = await stuiver.cli('ledger', 'verify');
    expect(`${verified.stdout}${verified.stderr}`).not.toContain('expected');
    expect(verified.code).toBe(0);
    expect((await stuiver.cli('ledger', 'balance')).stdout).toContain('difference 0');
  }

  it.each(['wallet', 'ideal'] as const)(
    'holds a receipt of a payment by %s, which says what was bought and nothing of others',
    async (method) => {
      const amountMinor = method === 'wallet' ? 1_234 : 2_345;
      const orderId = await pay(amountMinor, method);
      const answer = await asPayer(sanne, receiptPath(orderId));
      expect(answer.headers.get('content-disposition')).toContain('stuiver-receipt.json');
      const text = await answer.text();
      const receipt = JSON.parse(text) as Receipt;
      expect(await check(receipt)).toMatchObject({ code: 0 });
      expect(receipt.metadata?.fields).toMatchObject({
        ...{ payer: sanne.openid, payee: merchant.mchid },
        description: expect.stringContaining('Taart') as unknown,
      });
      expect(receipt.transfers.map(({ facts }) => facts.amountMinor)).toEqual([
        amountMinor.toString(),
      ]);
      expect(text).not.toMatch(/merchant:|fees:|psp:/);
      expect((await asPayer(other, receiptPath(orderId))).status).toBe(404);
      kept.push(text);
    },
    STORY_MS_MAX,
  );

  it(
    'gives the merchant a receipt that names the payer as the merchant knows them',
    async () => {
      const orderId = await orderOf(1_234);
      const receipt = await clerk.get<Receipt>(clerkPath(orderId));
      expect(await check(receipt)).toMatchObject({ code: 0 });
      expect(receipt.metadata?.fields).toMatchObject({ payer: sanne.openid, order: 'erase-0001' });
      expect(JSON.stringify(receipt)).not.toMatch(/usr_|user:/);
      const strange = `/console/merchants/1999999999/orders/${orderId}/receipt`;
      await expect(clerk.get(strange)).rejects.toThrow(/404/);
    },
    STORY_MS_MAX,
  );

  it(
    'is not erased while there is money, or without being asked',
    async () => {
      const unasked = await stuiver.cli('person', 'erase', sanne.user_id);
      expect(unasked.code).not.toBe(0);
      expect(unasked.stderr).toContain('--yes');
      const refused = await stuiver.cli('person', 'erase', sanne.user_id, '--yes');
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/EUR \d+\.\d\d in the wallet/);
      expect((await asPayer(sanne, '/wallet/balance')).status).toBe(200);
    },
    STORY_MS_MAX,
  );

  it(
    'is erased once nothing is left, and the books are whole',
    async () => {
      const balance = await asPayer(sanne, '/wallet/balance');
      const { available_minor: left } = (await balance.json()) as { available_minor: string };
      const last = await pay(Number.parseInt(left, 10), 'wallet');
      const erased = await stuiver.cli('person', 'erase', sanne.user_id, '--yes');
      expect(erased.stderr).toBe('');
      expect(erased.stdout).toContain('is erased');
      const again = await stuiver.cli('person', 'erase', sanne.user_id, '--yes');
      expect(again.stdout).toContain('was erased on');
      expect((await asPayer(sanne, '/wallet/balance')).status).toBe(401);
      await expectWhole();
      const receipt = await clerk.get<Receipt>(clerkPath(last));
      expect(receipt.command.metadata).toMatch(/^[0-9a-f]{64}$/);
      expect(receipt.metadata).toBeNull();
      expect(await check(receipt)).toMatchObject({ code: 0 });
    },
    STORY_MS_MAX,
  );

  it(
    'still has receipts that hold, with what they say and without',
    async () => {
      expect(kept).toHaveLength(2);
      for (const text of kept) {
        const receipt = JSON.parse(text) as Receipt;
        expect(await check(receipt)).toMatchObject({ code: 0 });
        expect(await check({ ...receipt, metadata: null })).toMatchObject({ code: 0 });
      }
    },
    STORY_MS_MAX,
  );

  it(
    'gets no refund into a wallet that is closed: the money waits where finance sees it',
    async () => {
      const client = merchantClient(merchant);
      await client.post('v3/refund/domestic/refunds', {
        ...{ out_trade_no: 'erase-0001', out_refund_no: 'erase-0001-r' },
        amount: { refund: 1_234, total: 1_234, currency: 'EUR' },
      });
      await eventually('the refund is booked to suspense', async () => {
        const { stdout } = await stuiver.cli('ledger', 'balance');
        return stdout
          .split('\n')
          .some((line) => line.includes('suspense:refund-success') && line.includes('12.34'));
      });
      await expectWhole();
    },
    STORY_MS_MAX,
  );

  it(
    'is erased to the end when the power goes in the middle',
    async () => {
      const guest = await fetch(`${stuiver.apiUrl}/wallet/session/guest`, { method: 'POST' });
      const { user } = (await guest.json()) as { user: { user_id: string } };
      const cookie = guest.headers.get('set-cookie')?.split(';')[0] ?? '';
      await stuiver.stop();
      const environment = { STUIVER_CRASH_AT: 'erasure.wallet-closed' };
      stuiver = await startStuiver({ after: stuiver, environment });
      expect((await stuiver.cli('person', 'erase', user.user_id, '--yes')).code).not.toBe(0);
      await stuiver.ended();
      stuiver = await startStuiver({ after: stuiver });
      const session = await fetch(`${stuiver.apiUrl}/wallet/session`, { headers: { cookie } });
      expect(session.status).toBe(401);
      await eventually('the erasure is carried on', async () => {
        const { stdout } = await stuiver.cli('person', 'erase', user.user_id, '--yes');
        return stdout.includes('was erased on');
      });
      await expectWhole();
    },
    STORY_MS_MAX,
  );
});
