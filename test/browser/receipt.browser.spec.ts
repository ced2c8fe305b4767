import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { REPOSITORY_ROOT, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, newPerson, signIn } from '../support/browser.js';
import { merchantClient } from '../support/merchant-client.js';
import { overflowOf, StaffPages } from '../support/staff-page.js';

/*
 * A booking of the demo is proven to somebody who has the receipt and our public key and nothing else: by a command, and
 * by the page, saved to a disk and opened without a network.
 */
describe('a receipt', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let folder: string;
  let receipt: string;
  let key: string;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    folder = await mkdtemp(join(tmpdir(), 'receipt-'));
    receipt = (await stuiver.cli('ledger', 'receipt', '1')).stdout;
    const answer = await fetch(`${stuiver.apiUrl}/ledger/keys`);
    const { keys } = (await answer.json()) as { keys: { publicKeyPem: string }[] };
    key = keys[0]?.publicKeyPem ?? '';
    await writeFile(join(folder, 'receipt.json'), receipt);
    await writeFile(join(folder, 'key.pem'), key);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await stuiver.dispose();
    await rm(folder, { recursive: true });
  });

  it('is good by the command, and bad when an amount is changed', async () => {
    const verify = (file: string) =>
      stuiver.cli('receipt', 'verify', join(folder, file), '--key', join(folder, 'key.pem'));
    expect(await verify('receipt.json')).toMatchObject({ code: 0 });
    const other = receipt.replace(/"amountMinor": "\d/, '"amountMinor": "9');
    await writeFile(join(folder, 'other.json'), `${other.slice(0, -1)}\n`);
    const changed = await verify('other.json');
    expect(receipt).not.toBe(other);
    expect(changed.code).toBe(1);
  });

  it('is good on the page, saved to a disk and without a network', async () => {
    await copyFile(join(REPOSITORY_ROOT, 'apps/web/dist/verify.html'), join(folder, 'verify.html'));
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'verify.html')).href);
    expect(await verdictOn(page, receipt)).toContain('Good');
    expect(await axeViolations(page)).toEqual([]);
    const other = receipt.replace('"currency": "EUR"', '"currency": "USD"');
    expect(await verdictOn(page, other)).toContain('Bad');
    await context.close();
  });

  it('is good on the page as we serve it, under a policy that lets it speak to nobody', async () => {
    const page = await browser.newPage();
    const answer = await page.goto(`${stuiver.pagesUrl}/verify`);
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
    expect(await verdictOn(page, receipt)).toContain('Good');
  });

  it('is saved by who paid from their own list, in both languages, and is good on the page', async () => {
    const [payer] = await stuiver.payers();
    if (payer === undefined) throw new Error('the demo has payers');
    await payFor(payer.openid);
    const person = await newPerson(browser, { width: 320 });
    await signIn(person, stuiver, payer);
    const page = await person.newPage();
    await page.goto(`${stuiver.pagesUrl}/history`);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Bewijs van .*12,34/ }).click();
    const file = await saving;
    expect(file.suggestedFilename()).toMatch(/^stuiver-receipt-ord_\w+\.json$/);
    await file.saveAs(join(folder, 'payer.json'));
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: /^Receipt of .*12\.34/ }).waitFor();
    await page.goto(`${stuiver.pagesUrl}/settings`);
    await page.getByText('Have your data erased').click();
    await page.getByText(payer.user_id).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
    await page.goto(`${stuiver.pagesUrl}/verify`);
    expect(await verdictOn(page, await saved('payer.json'))).toContain('Good');
    expect(await page.locator('#result').textContent()).toContain('description: Appeltaart');
    await person.close();
  });

  it('is saved by the merchant from the order, and names no account of the payer', async () => {
    const { mchid } = await stuiver.merchant();
    const orderId = await paidOrder();
    const staff = new StaffPages(browser, stuiver);
    const page = await staff.signedIn('merchant', 0, `/merchant/${mchid}/orders/${orderId}`);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Bewijs downloaden' }).click();
    await (await saving).saveAs(join(folder, 'merchant.json'));
    expect(await axeViolations(page)).toEqual([]);
    const text = await saved('merchant.json');
    expect(text).toContain('Appeltaart');
    expect(text).not.toContain('usr_');
    await page.goto(`${stuiver.pagesUrl}/verify`);
    expect(await verdictOn(page, text)).toContain('Good');
    await staff.close();
  });

  it('stands in books that verify finds good, from the beginning and from the checkpoint', async () => {
    const whole = await stuiver.cli('ledger', 'verify', '--json');
    expect(JSON.parse(whole.stdout)).toMatchObject({ good: true, finding: null });
    const rest = await stuiver.cli('ledger', 'verify', '--from-checkpoint');
    expect(rest).toMatchObject({ code: 0, stdout: expect.stringMatching(/^good /) as unknown });
  });

  const saved = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

  /** The order that was paid, from the payer's own list. */
  async function paidOrder(): Promise<string> {
    const [payer] = await stuiver.payers();
    const answer = await fetch(`${stuiver.apiUrl}/wallet/history`, {
      headers: { authorization: `Bearer ${payer?.token ?? ''}` },
    });
    const { items } = (await answer.json()) as { items: { id: string; amount_minor: string }[] };
    return items.find((item) => item.amount_minor === '-1234')?.id ?? '';
  }

  async function payFor(openid: string): Promise<void> {
    const merchant = await stuiver.merchant();
    const { prepay_id } = await merchantClient(merchant).post('v3/pay/transactions/jsapi', {
      ...{ appid: merchant.appid, mchid: merchant.mchid, description: 'Appeltaart' },
      ...{ out_trade_no: 'receipt-0001', notify_url: `${stuiver.cafeUrl}/notify` },
      ...{ amount: { total: 1_234, currency: 'EUR' }, payer: { openid } },
    });
    await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ prepay_id, openid, method: 'ideal', outcome: 'success' }),
    });
  }

  async function verdictOn(
    page: Awaited<ReturnType<Browser['newPage']>>,
    text: string,
  ): Promise<string> {
    await page.getByLabel('Receipt (JSON)').fill(text);
    await page.getByLabel('Public key (PEM)').fill(key);
    await page.getByRole('button', { name: 'Check' }).click();
    const verdict = page.getByRole('status');
    await verdict.filter({ hasText: /Good|Bad/ }).waitFor();
    return (await verdict.textContent()) ?? '';
  }
});
