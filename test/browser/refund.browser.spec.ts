import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { merchantClient } from '../support/merchant-client.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

/* A shop gives money back from its own page, without a server and without a key. */

const NUMBER = 'refund-000001';

describe('an order that is paid', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let shop: Page;
  let mchid: string;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: NUMBER, total: 1_250 });
    ({ mchid } = await stuiver.merchant());
    const look = { width: 320, dark: true };
    shop = await staff.signedIn('merchant', 0, `/merchant/${mchid}/orders?q=${NUMBER}`, look);
    await shop.getByRole('link', { name: /refund-0/ }).click();
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  });

  it('is refunded in part: not more than there is, and only after a question', async () => {
    await shop.getByRole('button', { name: 'Betaal terug' }).click();
    const dialog = shop.getByRole('dialog');
    const amount = dialog.getByLabel('Bedrag');
    expect(await amount.inputValue()).toBe('12,50');
    await amount.fill('12,51');
    await dialog.getByLabel(/^Waarom/).fill('de melk was op');
    await dialog.getByRole('button', { name: /^Ja, betaal/ }).click();
    expect(await dialog.locator('input:invalid').count()).toBe(1);
    await amount.fill('2,50');
    expect([await overflowOf(shop), await axeViolations(shop)]).toEqual([0, []]);
    await picture(shop, 'merchant-refund');
    await dialog.getByRole('button', { name: 'Ja, betaal € 2,50 terug' }).click();
    await shop.getByText(/^Terugbetaling console-/).waitFor();
    expect(await refunded()).toBe(250);
    expect(await axeViolations(shop)).toEqual([]);
  });

  it('is refunded the rest once the shop has that much, and then there is nothing left to refund', async () => {
    await shop.getByRole('button', { name: 'Betaal terug' }).click();
    const dialog = shop.getByRole('dialog');
    expect(await dialog.getByLabel('Bedrag').inputValue()).toBe('10,00');
    await dialog.getByLabel(/^Waarom/).fill('alles terug');
    const yes = dialog.getByRole('button', { name: 'Ja, betaal € 10,00 terug' });
    await yes.click();
    // Our fee is gone from what came in.
    await dialog.getByText('Er staat te weinig op je rekening').waitFor();
    expect(await axeViolations(shop)).toEqual([]);
    const wider =
      'document.querySelector("dialog[open]").scrollWidth - document.querySelector("dialog[open]").clientWidth';
    expect(await shop.evaluate<number>(wider)).toBe(0);
    await sell(stuiver, { number: 'refund-000002', total: 500 });
    await yes.click();
    // While the page is read anew there is neither a button nor a line.
    const lines = shop.getByText(/^Terugbetaling console-/);
    await lines.nth(2).waitFor();
    const said = await lines.allInnerTexts();
    expect(said.filter((text) => text.endsWith('geweigerd'))).toHaveLength(1);
    expect(said).toHaveLength(3);
    expect(await shop.getByRole('button', { name: 'Betaal terug' }).count()).toBe(0);
    expect(await refunded()).toBe(1_000);
  });

  it('is not given back by finance, who only look', async () => {
    const finance = await staff.signedIn('finance', 0, new URL(shop.url()).pathname);
    await finance
      .getByText(/^Terugbetaling console-/)
      .first()
      .waitFor();
    expect(await finance.getByRole('button', { name: 'Betaal terug' }).count()).toBe(0);
  });

  it('has printed codes and links beside it, whose list is a file too', async () => {
    await shop.goto(`${stuiver.pagesUrl}/merchant/${mchid}/codes`);
    await shop.locator('summary', { hasText: 'Maak een QR-code' }).click();
    await shop
      .getByLabel(/^Naam|^Wat/)
      .first()
      .fill('Koffie aan tafel 4');
    await shop.getByLabel('Bedrag', { exact: true }).last().fill('2,75');
    await shop.getByRole('button', { name: 'Maak een QR-code' }).click();
    await shop.getByText('Koffie aan tafel 4').waitFor();
    const told = shop.waitForEvent('download');
    await shop.getByRole('button', { name: /csv/i }).click();
    const csv = await readFile(await (await told).path(), 'utf8');
    expect(csv).toMatch(/Koffie aan tafel 4,open,2\.75,,,EUR,0,,0\.00,/);
  });

  it('was told to the shop’s server, which hears it again when asked', async () => {
    await shop.goto(`${stuiver.pagesUrl}/merchant/${mchid}/notifications?q=${NUMBER}`);
    const row = shop.getByRole('row').filter({ hasText: 'Bericht “betaald”' });
    await row.getByText('1', { exact: true }).click();
    await row
      .getByText(/HTTP \d{3}/)
      .first()
      .waitFor();
    expect([await overflowOf(shop), await axeViolations(shop)]).toEqual([0, []]);
    await picture(shop, 'merchant-notifications');
    await row.getByRole('button', { name: 'Stuur opnieuw' }).click();
    await row.getByRole('button', { name: 'Gaat eruit' }).waitFor();
    expect(await axeViolations(shop)).toEqual([]);
  });

  /** What the merchant's own server reads of it, in cents. */
  async function refunded(): Promise<number> {
    const client = merchantClient(await stuiver.merchant());
    const { amount } = (await client.get(`v3/refund/domestic/refunds/${await lastNumber()}`)) as {
      amount: { refund: number };
    };
    const order = await client.get(`v3/pay/transactions/out-trade-no/${NUMBER}`, { mchid });
    expect(order['trade_state']).toBe('REFUND');
    return amount.refund;
  }

  async function lastNumber(): Promise<string> {
    const text = await shop
      .getByText(/^Terugbetaling console-/)
      .last()
      .innerText();
    return /console-[\w-]+/.exec(text)?.[0] ?? '';
  }
});
