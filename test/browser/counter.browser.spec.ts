import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, newPerson, payAtBank, picture } from '../support/browser.js';
import { overflowOf, StaffPages } from '../support/staff-page.js';

/*
 * A shop without a programmer: the cashier types an amount, the customer scans and pays, the till says so, and the day
 * adds up.
 */

const START_MS_MAX = 120_000;
const PHONE = { width: 420 };

/** "Next" and an amount, with no picture drawn in between: faster than any hand, as slow a phone as there is. */
const QUICK_CASHIER = `(async () => {
  document.querySelector('.till-asked .primary').click();
  await Promise.resolve();
  for (const key of '100') document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
})()`;

describe('the counter', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let till: Page;
  let customer: BrowserContext;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    customer = await newPerson(browser);
    till = await staff.signedIn('merchant', 0, '/merchant', PHONE);
  }, START_MS_MAX);
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  }, START_MS_MAX);

  /** The address in the QR code on the till, as the API tells it to the page. */
  async function scanned(page: Page): Promise<string> {
    const mchid = /merchant\/(\d+)/.exec(page.url())?.[1] ?? '';
    return page.evaluate<string>(
      `fetch('/console/merchants/${mchid}/till').then((answer) => answer.json()).then((now) => now.open.codeUrl)`,
    );
  }

  async function addressOf(codeId: string): Promise<string> {
    const mchid = /merchant\/(\d+)/.exec(till.url())?.[1] ?? '';
    return till.evaluate<string>(
      `fetch('/console/merchants/${mchid}/codes/${codeId}').then((answer) => answer.json()).then((code) => code.url)`,
    );
  }

  it('takes an amount from the pad or the keyboard', async () => {
    await till.getByRole('link', { name: 'Kassa', exact: true }).click();
    await till.getByText('Tik een bedrag in.').waitFor();
    expect(await axeViolations(till)).toEqual([]);
    for (const key of ['1', '2', '5', '0']) {
      await till.getByRole('button', { name: key, exact: true }).click();
    }
    await till.keyboard.press('Backspace');
    await till.keyboard.press('0');
    await till.getByLabel(/^Waarvoor/).fill('Twee koffie en taart');
    await till.getByRole('button', { name: /^Laat € 12,50 betalen$/ }).waitFor();
    await picture(till, 'till-pad');
    await till.getByRole('button', { name: /^Laat € 12,50 betalen$/ }).click();
    await till.getByRole('img', { name: /€ 12,50/ }).waitFor();
    await till.getByText('Wachten op de klant').waitFor();
    expect(await axeViolations(till)).toEqual([]);
    await picture(till, 'till-waiting');
  });

  it('shows the open order again after the page was loaded anew', async () => {
    await till.reload();
    await till.getByRole('img', { name: /€ 12,50/ }).waitFor();
  });

  it('says "Betaald" when the customer has paid in their own app, and counts it', async () => {
    const phone = await customer.newPage();
    await phone.goto(await scanned(till));
    await payAtBank(phone, /goedkeuren/);
    await till.getByText('Betaald', { exact: true }).waitFor();
    await till.getByText('1 keer aan de kassa betaald').waitFor();
    await till.getByRole('link', { name: 'Twee koffie en taart' }).waitFor();
    expect(await axeViolations(till)).toEqual([]);
    await picture(till, 'till-paid');
    await till.keyboard.press('Enter');
    await till.getByText('Tik een bedrag in.').waitFor();
  });

  it('cancels, without the mouse', async () => {
    await till.keyboard.type('999');
    await till.keyboard.press('Enter');
    await till.getByRole('img', { name: /€ 9,99/ }).waitFor();
    await till.getByRole('button', { name: 'Annuleer' }).press('Enter');
    await till.getByText('Geannuleerd. Er is niets betaald.').waitFor();
    await till.getByText('1 keer aan de kassa betaald').waitFor();
    const file = till.waitForEvent('download');
    await till.getByRole('button', { name: 'Exporteer als CSV' }).click();
    expect(await readFile(await (await file).path(), 'utf8')).toContain(',till,1,12.50,0.00,EUR');
  });

  it('says what to do without a connection, and goes on when it is back', async () => {
    await till.getByRole('button', { name: 'Volgende klant' }).waitFor();
    await till.evaluate(QUICK_CASHIER);
    await till.getByRole('button', { name: /^Laat € 1,00 betalen$/ }).waitFor();
    await till.context().setOffline(true);
    await till.keyboard.press('Enter');
    await till.getByText('Er is geen verbinding').waitFor();
    await till.context().setOffline(false);
    await till.keyboard.press('Enter');
    await till.getByRole('img', { name: /€ 1,00/ }).waitFor();
    await till.context().setOffline(true);
    await till.getByText('Geen verbinding. De klant kan wel betalen').waitFor();
    await till.context().setOffline(false);
    await till.getByText('Geen verbinding.').waitFor({ state: 'detached' });
    await till.getByRole('button', { name: 'Annuleer' }).click();
    await till.getByText('Geannuleerd').waitFor();
  });

  it('prints a code on which the customer types the amount', async () => {
    await till.getByRole('link', { name: 'QR-codes' }).click();
    await till.getByText('Maak een QR-code').first().click();
    await till.getByLabel('Wat leest de klant?').fill('Fooi voor het team');
    await till.getByLabel('De klant typt het bedrag').check();
    await till.getByLabel('Ten minste').fill('1');
    await till.getByLabel('Ten hoogste').fill('25,00');
    expect(await axeViolations(till)).toEqual([]);
    await till.getByRole('button', { name: 'Maak een QR-code' }).click();
    await till.getByText('1,00 tot').waitFor();
    expect(await axeViolations(till)).toEqual([]);
    await picture(till, 'counter-codes');
    await till.getByRole('link', { name: 'Afdrukken' }).click();
    await till.getByRole('img', { name: 'Scan en betaal' }).waitFor();
    expect(await axeViolations(till)).toEqual([]);
    await picture(till, 'counter-sign');
  });

  it('is paid by whoever scans it, what they type', async () => {
    const code = /codes\/(\w+)$/.exec(till.url())?.[1] ?? '';
    const phone = await customer.newPage();
    await phone.goto(await addressOf(code));
    await phone.getByText('Fooi voor het team').waitFor();
    await phone.getByLabel('Welk bedrag?').fill('30');
    await phone.getByRole('button', { name: /^Betaal/ }).click();
    await phone.getByRole('alert').filter({ hasText: 'tot en met' }).waitFor();
    await phone.getByLabel('Welk bedrag?').fill('2,50');
    expect(await axeViolations(phone)).toEqual([]);
    await picture(phone, 'counter-code-typed');
    await phone.getByRole('button', { name: /^Betaal € 2,50$/ }).click();
    await payAtBank(phone, /goedkeuren/);
    await phone.getByText('Betaald. Dank je wel!').waitFor();
  });

  it('makes a link that is paid once, and says so to the next one', async () => {
    await till.getByRole('link', { name: 'Betaallinks' }).click();
    await till.getByText('Maak een betaallink').first().click();
    await till.getByLabel('Wat leest de klant?').fill('Taart voor zaterdag');
    await till.getByLabel('Bedrag').fill('24,95');
    await till.getByRole('button', { name: 'Maak een betaallink' }).click();
    await till.getByRole('button', { name: 'Kopieer de link' }).waitFor();
    expect(await axeViolations(till)).toEqual([]);
    await picture(till, 'payment-links');
    const url = await till.getByRole('button', { name: 'Kopieer de link' }).getAttribute('title');
    const phone = await customer.newPage();
    await phone.goto(url ?? '');
    await payAtBank(phone, /goedkeuren/);
    await phone.getByText('Betaald. Dank je wel!').waitFor();
    await phone.reload();
    await phone.getByText('Dit is al betaald.').waitFor();
    expect(await axeViolations(phone)).toEqual([]);
    await picture(phone, 'payment-link-paid');
    await till.reload();
    await till
      .getByRole('row')
      .filter({ hasText: /✓ betaald/ })
      .waitFor();
  });

  it('withdraws a link after asking', async () => {
    await till.getByText('Maak een betaallink').first().click();
    await till.getByLabel('Wat leest de klant?').fill('Vergissing');
    await till.getByLabel('Bedrag').fill('5');
    await till.getByRole('button', { name: 'Maak een betaallink' }).click();
    const row = till.getByRole('row').filter({ hasText: 'Vergissing' });
    await row.getByRole('button', { name: 'Trek in' }).click();
    await till.getByRole('button', { name: 'Ja, trek in' }).click();
    await row.filter({ hasText: /○ ingetrokken/ }).waitFor();
  });

  it('fits on the smallest screen, in the dark, in English', async () => {
    const look = { width: 320, dark: true, language: 'en-GB' } as const;
    const small = await staff.signedIn('merchant', 0, '/merchant', look);
    await small.getByRole('link', { name: 'Till', exact: true }).click();
    await small.getByText('Type an amount.').waitFor();
    await small.keyboard.type('250');
    expect(await overflowOf(small)).toBe(0);
    expect(await axeViolations(small)).toEqual([]);
    await small.keyboard.press('Enter');
    await small.getByRole('img', { name: /€2.50/ }).waitFor();
    expect(await overflowOf(small)).toBe(0);
    expect(await axeViolations(small)).toEqual([]);
    await picture(small, 'till-320-dark');
  });
});
