import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

/* Somebody calls: “I paid, and the shop says no.” */

const NUMBER = 'support-00001';

describe('whoever helps', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let femke: Page;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: NUMBER, total: 1_250, outcome: 'abandon' });
    femke = await staff.signedIn('finance', 0, '/finance/support');
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  });

  it('sees what nobody knows the end of, and asks the PSP at once', async () => {
    const table = femke.getByRole('table', { name: 'Uitkomst nog niet bekend' });
    await table.getByText('Betaling, betaler is bij de bank').waitFor();
    expect([await overflowOf(femke), await axeViolations(femke)]).toEqual([0, []]);
    await picture(femke, 'finance-support');
    await table.getByRole('button', { name: 'Vraag nu' }).click();
    await femke.getByText('Nog niet bekend. We vragen het vanzelf weer.').waitFor();
  });

  it('finds the order by its number, in English on a small dark screen', async () => {
    const look = { language: 'en-GB', dark: true, width: 320 } as const;
    const small = await staff.signedIn('finance', 1, '/finance/support', look);
    const field = small.getByRole('searchbox');
    await field.fill('not-a-number');
    await field.press('Enter');
    await small
      .getByText(/Nothing found|nothing/i)
      .first()
      .waitFor();
    await field.fill(NUMBER);
    await field.press('Enter');
    const found = small.getByRole('table', { name: 'Orders' });
    await found.getByRole('link', { name: NUMBER }).waitFor();
    expect([await overflowOf(small), await axeViolations(small)]).toEqual([0, []]);
    await found.getByRole('link', { name: NUMBER }).click();
    await small.getByRole('heading', { level: 1 }).waitFor();
  });
});
