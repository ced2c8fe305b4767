import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { staffClient } from '../support/staff-client.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

const STORY_MS_MAX = 120_000;

describe('a bank line that a rule placed wrongly', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let femke: Page;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: 'unmatch-0001', total: 2_500 });
    femke = await staff.signedIn('finance', 0, '/finance/bank');
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  });

  it(
    'is what the PSP paid out, until Femke takes that back with a reason',
    async () => {
      await pspPaysOut();
      await femke.goto(`${stuiver.pagesUrl}/finance/lines?state=matched`);
      await femke
        .getByRole('row')
        .filter({ hasText: /€\s10,00/ })
        .getByRole('link')
        .first()
        .click();
      await femke.getByRole('button', { name: 'Neem de match terug' }).click();
      await femke.getByLabel('Waarom klopt de match niet?').fill('De bank noemt een andere');
      expect(await axeViolations(femke)).toEqual([]);
      await picture(femke, 'finance-unmatch');
      await femke.getByRole('button', { name: /^Ja, neem €\s10,00 terug/ }).click();
      await femke.getByText(/Teruggenomen door .*De bank noemt een andere/).waitFor();
    },
    STORY_MS_MAX,
  );

  it('is open again and shows its history, on a small dark screen and in English too', async () => {
    expect(await axeViolations(femke)).toEqual([]);
    const small = await staff.signedIn('finance', 1, new URL(femke.url()).pathname, {
      ...{ language: 'en-GB', dark: true, width: 320 },
    });
    await small.getByText(/Taken back by/).waitFor();
    expect([await overflowOf(small), await axeViolations(small)]).toEqual([0, []]);
  });

  it('is placed again by a person, with the earlier match still there', async () => {
    await femke.getByRole('button', { name: 'Plaats' }).first().click();
    await femke.getByLabel('Waarom weet je dat?').fill('Toch wel');
    await femke.getByRole('button', { name: /^Ja, plaats €\s10,00/ }).click();
    await femke.getByText('Met de hand: Toch wel').waitFor();
    await femke.getByText(/Teruggenomen door/).waitFor();
  });

  it('is asked to be written off when it is nobody’s, and is not yet', async () => {
    await femke.getByRole('button', { name: 'Neem de match terug' }).click();
    await femke.getByLabel('Waarom klopt de match niet?').fill('Toch niet');
    await femke.getByRole('button', { name: /^Ja, neem €\s10,00 terug/ }).click();
    await femke.getByRole('button', { name: 'Vraag goedkeuring' }).click();
    await femke.getByLabel('Wat is het?').selectOption('unidentified');
    await femke.getByLabel('Hoe weet je dat?').fill('Bank en PSP weten het niet');
    expect(await axeViolations(femke)).toEqual([]);
    await femke.getByRole('dialog').getByRole('button', { name: 'Vraag goedkeuring' }).click();
    await femke.getByText('Jij hebt dit gevraagd.').waitFor();
    expect(await femke.getByRole('button', { name: 'Keur goed' }).count()).toBe(0);
    expect([await overflowOf(femke), await axeViolations(femke)]).toEqual([0, []]);
    await picture(femke, 'finance-write-off');
  });

  it('is written off once Jonas agreed, on his small dark screen', async () => {
    const jonas = await staff.signedIn('finance', 1, '/finance/approve', {
      ...{ language: 'en-GB', dark: true, width: 320 },
    });
    const waits = jonas.getByRole('table', { name: 'Costs, differences and own money' });
    await waits.getByText('Cannot be found out').waitFor();
    expect([await overflowOf(jonas), await axeViolations(jonas)]).toEqual([0, []]);
    await waits.getByRole('link').click();
    await jonas.getByRole('button', { name: 'Approve' }).click();
    const dialog = jonas.getByRole('dialog');
    await dialog.getByText(/€10.00 is booked as “Cannot be found out”/).waitFor();
    expect(await axeViolations(jonas)).toEqual([]);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await jonas.getByText('Cost, difference or own money, two people agreed').waitFor();
    await jonas.getByText(/Approved by Jonas/).waitFor();
    expect([await overflowOf(jonas), await axeViolations(jonas)]).toEqual([0, []]);
  });

  /** The PSP lets go of money two business days after the payment; then it is asked for, and the bank tells of it. */
  async function pspPaysOut(): Promise<void> {
    const client = await staffClient(stuiver, 'finance', 0);
    await bankDay();
    await bankDay();
    const sent = await client.post('/console/finance/psp-payouts', { amountMinor: '1000' });
    expect(sent.status).toBe(200);
    await eventually('the payout of the PSP is on a line', async () => {
      await bankDay();
      await femke.goto(`${stuiver.pagesUrl}/finance/lines?state=matched`);
      await femke.locator('table, .empty').waitFor();
      return (
        (await femke
          .getByRole('row')
          .filter({ hasText: /€\s10,00/ })
          .count()) === 1
      );
    });
  }

  /** The bank's day ends; Femke imports what is new. */
  async function bankDay(): Promise<void> {
    const folder = join(stuiver.dataDir, 'told');
    await mkdir(folder, { recursive: true });
    const before = await readdir(folder);
    expect((await stuiver.cli('bank', 'day')).code).toBe(0);
    expect((await stuiver.cli('bank', 'statements', '--to', folder)).code).toBe(0);
    const fresh = (await readdir(folder)).filter((name) => !before.includes(name)).sort();
    for (const name of fresh) {
      expect((await stuiver.cli('reconcile', 'import', join(folder, name))).code).toBe(0);
    }
  }
});
