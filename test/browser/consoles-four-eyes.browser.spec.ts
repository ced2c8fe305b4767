import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { overflowOf, StaffPages } from '../support/staff-page.js';

/*
 * A merchant asks to be paid on another account: finance sees the old one beside the new one, agrees or not, and the
 * merchant sees from when it counts and takes it back.
 */

const IBAN = 'DE89 3704 0044 0532 0130 00';

describe('another account', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let merchant: Page;
  let femke: Page;
  let staff: StaffPages;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    merchant = await staff.signedIn('merchant', 0, '/merchant', { width: 320, dark: true });
    femke = await staff.signedIn('finance', 0, '/finance/approve');
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  });

  it('is asked for by the merchant, on a small screen, in the dark', async () => {
    await merchant.getByRole('button', { name: 'Andere rekening aanvragen' }).click();
    await merchant.getByLabel('Naam van de rekeninghouder').fill('Café Anders');
    await merchant.getByLabel('IBAN').fill(IBAN);
    expect(await axeViolations(merchant)).toEqual([]);
    await merchant.getByRole('button', { name: 'Aanvragen', exact: true }).click();
    await merchant.getByText('finance moet haar nog goedkeuren').waitFor();
    expect(await overflowOf(merchant)).toBe(0);
    expect(await axeViolations(merchant)).toEqual([]);
  });

  it('waits on the list of finance, and says in words what is other than now', async () => {
    await femke.reload();
    await femke.getByText('wacht op een tweede persoon').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await femke.getByRole('table').getByRole('link').last().click();
    await femke.getByText('andere IBAN dan nu').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-other-account');
  });

  it('is approved with what the bank says of the name, and counts a day later', async () => {
    await femke.getByRole('button', { name: 'Rekening goedkeuren' }).click();
    await femke.getByLabel('Wat de bank over naam en rekening zegt').selectOption('RCVC');
    expect(await axeViolations(femke)).toEqual([]);
    await femke.getByRole('dialog').getByRole('button', { name: 'Rekening goedkeuren' }).click();
    await femke.getByText('goedgekeurd, geldt nog niet').waitFor();
    await merchant.reload();
    await merchant.getByText(/geldt de rekening die eindigt op 3000/).waitFor();
    await picture(merchant, 'merchant-other-account');
  });

  it('is taken back by the merchant before it counts', async () => {
    await merchant.getByRole('button', { name: 'Intrekken' }).click();
    await merchant.getByRole('dialog').getByRole('button', { name: 'Intrekken' }).click();
    await merchant.getByRole('button', { name: 'Andere rekening aanvragen' }).waitFor();
    await femke.reload();
    await femke.getByText('ingetrokken').waitFor();
  });

  it('is told to the merchant’s people by mail', async () => {
    const mails = await fetch(`${stuiver.pagesUrl}/sandbox/mail`);
    expect(await mails.text()).toContain('andere bankrekening');
  });
});
