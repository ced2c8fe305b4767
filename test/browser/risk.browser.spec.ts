import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

/* A first payment above five euros is held: finance lets it go on, and blocks somebody else. */

const START_MS_MAX = 120_000;

describe('payments that are looked at first', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let femke: Page;

  beforeAll(async () => {
    const limits = { environment: { RISK_LIMITS: 'new-payee=500' } };
    [stuiver, browser] = await Promise.all([startStuiver(limits), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: 'risk-00001', total: 1_250 });
    femke = await staff.signedIn('finance', 0, '/finance/risk');
  }, START_MS_MAX);

  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  }, START_MS_MAX);

  it('wait in the queue with their reason, and go on when somebody says so', async () => {
    await femke.getByText('Hoog bedrag bij een winkel die nieuw is').waitFor();
    await picture(femke, 'risk-review');
    expect(await axeViolations(femke)).toEqual([]);
    await femke.getByRole('button', { name: 'Laat doorgaan' }).click();
    const dialog = femke.getByRole('dialog');
    await dialog.getByLabel('Toelichting').fill('Betaler gebeld, klopt.');
    await dialog.getByRole('button', { name: 'Laat doorgaan' }).click();
    await femke.getByText('Betaler gebeld, klopt.').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
  });

  it('are refused for whom is blocked, on a small dark screen in English', async () => {
    const look = { dark: true, width: 320, language: 'en-GB' } as const;
    const jonas = await staff.signedIn('finance', 1, '/finance/risk', look);
    await jonas.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = jonas.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /^Name/ }).fill('usr_nobody');
    await dialog.getByLabel('Explanation').fill('Reported as stolen');
    expect(await axeViolations(jonas)).toEqual([]);
    await dialog.getByRole('button', { name: 'Block' }).click();
    await jonas.getByText('usr_nobody').waitFor();
    expect([await overflowOf(jonas), await axeViolations(jonas)]).toEqual([0, []]);
  });
});
