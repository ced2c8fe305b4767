import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoMerchant, eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { merchantClient } from '../support/merchant-client.js';
import { type StaffClient, staffClient } from '../support/staff-client.js';

/*
 * One week of a café's money, from the payer to the bank's statement: paid by iDEAL, settled, paid out, rejected once,
 * returned once, told twice. Every process is real; days pass at the sandbox's clock. At its end everything adds up.
 */

const SETTLED_MS_MAX = 30_000;
const DAYS_MAX = 8;
const STORY_MS_MAX = 120_000;

interface Payout {
  readonly payoutId: string;
  readonly batchId: string;
  readonly endToEndId: string;
  readonly state: string;
  readonly amountMinor: string;
}
interface OpenItems {
  readonly items: readonly { readonly kind: string; readonly subject: string }[];
}
interface TieOut {
  readonly explained: boolean;
  readonly rows: readonly { readonly name: string; readonly differenceMinor: string }[];
}

describe('a week', () => {
  let stuiver: RunningStuiver;
  let merchant: DemoMerchant;
  let femke: StaffClient;
  let jonas: StaffClient;
  let orders = 0;
  const imported = new Set<string>();

  beforeAll(async () => {
    stuiver = await startStuiver();
    merchant = await stuiver.merchant();
    femke = await staffClient(stuiver, 'finance', 0);
    jonas = await staffClient(stuiver, 'finance', 1);
  }, STORY_MS_MAX);
  afterAll(() => stuiver.dispose(), STORY_MS_MAX);

  it(
    'begins with a payout that the bank pays',
    async () => {
      await sell(1250, 325);
      const [payout] = await payOut();
      expect(await stateOf(payout)).toBe('exported');
      await daysUntil('the payout is settled', async () => (await stateOf(payout)) === 'settled');
      expect(await openKinds()).toEqual([]);
      await expectTiedOut();
    },
    STORY_MS_MAX,
  );

  it(
    'has a day on which the bank rejects one: the money is the merchant’s again',
    async () => {
      await sell(700);
      const [payout] = await payOut(async ({ endToEndId }) => {
        await run('bank', 'plan', endToEndId, 'reject', 'AC01');
      });
      await nextDay();
      const answers = join(stuiver.dataDir, 'answers');
      const file = (await run('bank', 'answer', payout?.batchId ?? '', '--to', answers)).trim();
      expect(await run('reconcile', 'import', file)).toContain('0 accepted, 1 rejected');
      expect(await run('reconcile', 'import', file)).toContain('was imported before');
      expect(await stateOf(payout)).toBe('rejected');
      await expectTiedOut();
      expect(await openKinds()).toEqual(['payout-rejected']);
    },
    STORY_MS_MAX,
  );

  it(
    'pays it again once a person said that the account is right, and has it back a day later',
    async () => {
      const held = await femke.post('/console/finance/batches', {});
      expect(held.status).toBe(409);
      const confirmed = await jonas.post(`/console/finance/payees/${merchant.mchid}/confirm`, {});
      expect(confirmed.status).toBe(204);
      const [payout] = await payOut(async ({ endToEndId }) => {
        await run('bank', 'plan', endToEndId, 'return', 'AC04', '--after', '1');
      });
      await daysUntil('the payout is settled', async () => (await stateOf(payout)) === 'settled');
      await daysUntil('the payout came back', async () => (await stateOf(payout)) === 'returned');
      await expectTiedOut();
      expect(await openKinds()).toContain('payout-returned');
    },
    STORY_MS_MAX,
  );

  it(
    'brings the PSP’s balance to the bank, and its fees into the books',
    async () => {
      // The PSP lets go of money two business days after the payment.
      await nextDay();
      await nextDay();
      const sent = await femke.post('/console/finance/psp-payouts', { amountMinor: '1000' });
      expect(sent.status).toBe(200);
      await daysUntil('the PSP’s payout is on the statement', async () =>
        (await bankLines()).some(({ pspPayoutId }) => pspPayoutId !== null),
      );
      await expectTiedOut();
    },
    STORY_MS_MAX,
  );

  it(
    'hears a statement twice and books it once',
    async () => {
      const folder = join(stuiver.dataDir, 'statements');
      const [first = ''] = await readdir(folder);
      const before = await bankLines();
      const again = await femke.postFile(
        '/console/finance/statements',
        await readFile(join(folder, first), 'utf8'),
      );
      expect(again).toMatchObject({ status: 200, json: { repeated: true } });
      expect(await bankLines()).toEqual(before);
      await expectTiedOut();
    },
    STORY_MS_MAX,
  );

  it('ends with everything adding up, and each difference open under its name', async () => {
    const status = await stuiver.cli('reconcile', 'status');
    expect(status.stdout).toContain('Everything adds up');
    // What was rejected was paid again; what came back waits for a person to decide.
    expect(await openKinds()).toEqual(['payout-returned']);
  }, 60_000);

  async function sell(...amounts: readonly number[]): Promise<void> {
    for (const total of amounts) {
      orders += 1;
      const number = `week-${String(orders).padStart(6, '0')}`;
      const { code_url: code } = await merchantClient(merchant).post('v3/pay/transactions/native', {
        appid: merchant.appid,
        mchid: merchant.mchid,
        description: 'Koffie',
        out_trade_no: number,
        notify_url: `${stuiver.cafeUrl}/notify`,
        amount: { total, currency: 'EUR' },
      });
      const paid = await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code_url: code, method: 'ideal', outcome: 'success' }),
      });
      expect(await paid.json()).toMatchObject({ trade_state: 'SUCCESS' });
    }
  }

  /** Settled, prepared by one person, approved by another, exported and brought to the bank. */
  async function payOut(
    beforeTheBank?: (payout: Payout) => Promise<void>,
  ): Promise<readonly Payout[]> {
    const batchId = await eventually(
      'there is something to pay out',
      async () => {
        const settled = await stuiver.cli('payout', 'run', '--date', 'today');
        expect(settled.stderr).toBe('');
        const { batch } = JSON.parse(settled.stdout) as {
          batch: { batchId?: string; id?: string } | null;
        };
        return batch?.batchId ?? batch?.id;
      },
      SETTLED_MS_MAX,
    );
    const { payouts } = await femke.get<{ payouts: readonly Payout[] }>(
      `/console/finance/batches/${batchId}`,
    );
    for (const payout of payouts) await beforeTheBank?.(payout);
    await run('bank', 'pay', batchId);
    return payouts;
  }

  /** The bank's day ends; finance imports what it tells. */
  async function nextDay(): Promise<void> {
    await run('bank', 'day');
    const folder = join(stuiver.dataDir, 'statements');
    await mkdir(folder, { recursive: true });
    await run('bank', 'statements', '--to', folder);
    const news = (await readdir(folder)).filter((name) => !imported.has(name)).sort();
    if (news.length > 0) {
      await run('reconcile', 'import', ...news.map((name) => join(folder, name)));
    }
    for (const name of news) imported.add(name);
  }

  /** Days pass until it is so; weekends and holidays take theirs. */
  async function daysUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let days = 0; days < DAYS_MAX; days += 1) {
      if (await isSo()) return;
      await nextDay();
    }
    throw new Error(`not within ${String(DAYS_MAX)} days: ${what}`);
  }

  async function run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await stuiver.cli(...args);
    expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
    return stdout;
  }

  async function stateOf(payout: Payout | undefined): Promise<string> {
    const page = await femke.get<{ items: readonly { payout: Payout | null }[] }>(
      `/console/merchants/${merchant.mchid}/settlements`,
    );
    const states = page.items.map((item) => item.payout);
    const found = states.find((item) => item?.payoutId === payout?.payoutId);
    return found?.state ?? 'none';
  }

  async function bankLines(): Promise<readonly { pspPayoutId: string | null }[]> {
    const page = await femke.get<{ items: readonly { pspPayoutId: string | null }[] }>(
      '/console/finance/bank-lines',
    );
    return page.items;
  }

  async function openKinds(): Promise<readonly string[]> {
    const { items } = await femke.get<OpenItems>('/console/finance/open-items');
    return items.map(({ kind }) => kind).sort();
  }

  /** PSP, ledger and bank agree to the cent, as soon as what was said has been heard. */
  async function expectTiedOut(): Promise<void> {
    await eventually(
      'PSP, ledger and bank add up',
      async () => {
        const { explained, rows } = await femke.get<TieOut>('/console/finance/tie-out');
        return explained && rows.every(({ differenceMinor }) => differenceMinor === '0');
      },
      SETTLED_MS_MAX,
    );
  }
});
