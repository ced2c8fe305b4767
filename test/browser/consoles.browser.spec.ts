import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, picture, launchBrowser } from '../support/browser.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

/*
 * Finance and a merchant at work: one person makes a payment file, another approves it, the bank pays, and from the
 * bank's line the order is three clicks away.
 */

const NUMBER = 'console-000001';

describe('the consoles', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let femke: Page;
  let jonas: Page;
  let staff: StaffPages;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: NUMBER, total: 1_250 });
    femke = await staff.signedIn('finance', 0, '/finance');
    jonas = await staff.signedIn('finance', 1, '/finance/payouts');
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  });

  it('answers first whether everything is all right', async () => {
    await femke.getByText('Alles sluit aan.').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-today');
  });

  it('lets one person make a payment file, and refuses them its approval', async () => {
    await femke.getByRole('link', { name: 'Uitbetalingen', exact: true }).click();
    await femke.getByRole('button', { name: 'Maak een betaalbestand' }).click();
    await femke.getByText('Jij hebt dit bestand gemaakt').waitFor();
    await femke.getByRole('button', { name: /^Keur/ }).click();
    await femke.getByRole('button', { name: /^Ja, betaal/ }).click();
    const refusal = femke.getByRole('dialog').getByText('Iemand anders moet het goedkeuren');
    await refusal.waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-batch-maker');
    await femke.keyboard.press('Escape');
  });

  it('lets another approve it, with the amount in the button, and hand it to the bank', async () => {
    await jonas.goto(femke.url());
    await jonas.getByRole('button', { name: /^Keur € 12,2/ }).click();
    await jonas.getByRole('button', { name: /^Ja, betaal € 12,2/ }).click();
    await jonas.getByRole('button', { name: 'Zet klaar voor de bank' }).click();
    await jonas.getByRole('link', { name: 'Download pain.001' }).waitFor();
    await picture(jonas, 'finance-batch-exported');
  });

  it('takes the bank’s statement, twice, and books it once', async () => {
    const batch = /payouts\/(\w+)$/.exec(jonas.url())?.[1] ?? '';
    const folder = join(stuiver.dataDir, 'told');
    for (const words of [
      ['bank', 'pay', batch],
      ['bank', 'day', '2'],
      ['bank', 'statements', '--to', folder],
    ]) {
      const { code, stderr } = await stuiver.cli(...words);
      expect([words.join(' '), code, stderr]).toEqual([words.join(' '), 0, '']);
    }
    await jonas.getByRole('link', { name: 'Bank', exact: true }).click();
    const names = (await readdir(folder)).sort();
    for (const name of names) {
      await jonas.getByLabel(/Lees een afschrift in/).setInputFiles(join(folder, name));
      await jonas.getByText(/^Afschrift \d+ is ingelezen/).waitFor();
    }
    await jonas.getByLabel(/Lees een afschrift in/).setInputFiles(join(folder, names[0] ?? ''));
    await jonas.getByText('Dit afschrift was er al').waitFor();
    expect(await axeViolations(jonas)).toEqual([]);
    await picture(jonas, 'finance-bank');
  });

  it('leads from the bank’s line to the order in three clicks', async () => {
    const statements = jonas.getByRole('table').getByRole('link');
    await statements.first().click();
    await jonas.getByRole('table').getByRole('link').first().click();
    await jonas.getByText('Gekoppeld').waitFor();
    await picture(jonas, 'finance-bank-line');
    await jonas.getByRole('link', { name: 'Afrekening', exact: true }).click();
    await jonas.getByRole('link', { name: NUMBER }).first().click();
    await jonas.getByText('Betaald', { exact: true }).first().waitFor();
    await jonas.getByText('transaction_id').waitFor();
    await picture(jonas, 'finance-order');
  });

  it('adds up to the cent', async () => {
    await jonas.getByRole('link', { name: 'Aansluiting' }).click();
    await jonas.getByText('Alles sluit aan.').waitFor();
    expect(await axeViolations(jonas)).toEqual([]);
    await picture(jonas, 'finance-tie-out');
  });

  it('shows a merchant their settlement down to the order, on a small screen, in the dark', async () => {
    const merchant = await staff.signedIn('merchant', 0, '/merchant', { width: 320, dark: true });
    await merchant.getByText('Wat krijg ik hierna?').first().waitFor();
    await merchant.getByRole('link', { name: 'Afrekeningen' }).first().click();
    await merchant.getByText('Betaald').waitFor();
    await merchant.getByRole('table').getByRole('link').first().click();
    await merchant.getByRole('link', { name: NUMBER }).first().waitFor();
    expect(await overflowOf(merchant)).toBe(0);
    expect(await axeViolations(merchant)).toEqual([]);
    await picture(merchant, 'merchant-settlement');
    await merchant.goto(`${stuiver.pagesUrl}/finance`);
    await merchant.getByRole('alert').filter({ hasText: /.+/ }).first().waitFor();
  });

  it('is used with the keyboard alone', async () => {
    await femke.goto(`${stuiver.pagesUrl}/finance/payouts`);
    await femke.getByRole('table').waitFor();
    const link = femke.getByRole('table').getByRole('link').first();
    for (let presses = 0; presses < 30; presses += 1) {
      const reached = await femke.evaluate<string>('document.activeElement?.getAttribute("href")');
      if (reached === (await link.getAttribute('href'))) break;
      await femke.keyboard.press('Tab');
    }
    await femke.keyboard.press('Enter');
    await femke.getByText('Aan de bank gegeven').first().waitFor();
  });
});
