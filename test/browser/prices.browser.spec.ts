import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

/* A new price: one person proposes it, another agrees, and the merchant reads what it pays and from when. */

const MINUTE_MS = 60_000;

describe('prices', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let femke: Page;
  let jonas: Page;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: 'price-00001', total: 1_250 });
    femke = await staff.signedIn('finance', 0, '/finance/prices');
    jonas = await staff.signedIn('finance', 1, '/finance/prices', { language: 'en-GB' });
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  });

  it('are proposed in Dutch, not by a typing error', async () => {
    await femke.getByText('Er wacht niets op goedkeuring').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await femke.getByRole('link', { name: 'Standaardlijst' }).click();
    await femke.getByRole('button', { name: 'Nieuwe prijzen voorstellen' }).click();
    const dialog = femke.getByRole('dialog');
    await dialog.getByLabel('Vanaf (jouw tijd)').fill(localText(10 * MINUTE_MS));
    await dialog.getByLabel('Percentage').fill('veel');
    await dialog.getByRole('button', { name: 'Stel voor' }).click();
    await dialog.getByText('Vul getallen in zoals 1,4 en 0,25').waitFor();
    await dialog.getByLabel('Percentage').fill('1,2');
    await dialog.getByLabel('Vast bedrag').fill('0,25');
    await dialog.getByLabel('Eigen prijs voor Kaart').check();
    const card = dialog.getByRole('group', { name: 'Kaart' });
    await card.getByLabel('Percentage', { exact: true }).fill('1,9');
    await card.getByLabel('Maximum').fill('15');
    await card.getByRole('combobox').selectOption('standard');
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-prices-propose');
    await dialog.getByRole('button', { name: 'Stel voor' }).click();
    await femke.getByText('Jij hebt dit voorgesteld').waitFor();
    await femke.getByText('1,9 %, maximaal € 15').waitFor();
    expect(await femke.getByRole('button', { name: 'Keur goed' }).count()).toBe(0);
    expect(await axeViolations(femke)).toEqual([]);
  });

  it('are approved in English by another, and shown to the merchant', async () => {
    await jonas.reload();
    await jonas.getByText('1.2% + €0.25').waitFor();
    await jonas.getByRole('button', { name: 'Approve' }).click();
    const dialog = jonas.getByRole('dialog');
    expect(await axeViolations(jonas)).toEqual([]);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await jonas.getByText('Nothing waits for approval').waitFor();
    const { mchid } = await stuiver.merchant();
    const path = `/merchant/${mchid}/prices`;
    const merchant = await staff.signedIn('merchant', 0, path, { dark: true, width: 320 });
    await merchant.getByText('1,2 % + € 0,25').waitFor();
    await merchant.getByText('21 % btw erbij').waitFor();
    expect([await overflowOf(merchant), await axeViolations(merchant)]).toEqual([0, []]);
    await picture(merchant, 'merchant-prices-nl-dark');
  });

  it('are beside when a merchant is settled, which finance changes with a reason', async () => {
    const { mchid } = await stuiver.merchant();
    const femke = await staff.signedIn('finance', 0, `/finance/prices/${mchid}`);
    await femke.getByText('De standaard: niemand heeft iets anders afgesproken.').waitFor();
    await femke.getByRole('button', { name: 'Andere voorwaarden' }).click();
    await femke.getByLabel('Wanneer').selectOption('asked');
    await femke.getByLabel('Minimum in euro').fill('25,00');
    await femke.getByLabel('Waarom').fill('Afgesproken per mail');
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-settlement-terms');
    await femke.getByRole('button', { name: 'Leg vast' }).click();
    await femke.getByText(/Als de verkoper erom vraagt. Vanaf €\s25,00/).waitFor();
    expect([await overflowOf(femke), await axeViolations(femke)]).toEqual([0, []]);
  });

  it('leave the merchant to ask: the page says so, and settles at once', async () => {
    const { mchid } = await stuiver.merchant();
    await sell(stuiver, { number: 'terms-0001', total: 1_250 });
    const path = `/merchant/${mchid}`;
    const look = { language: 'en-GB', dark: true, width: 320 } as const;
    const merchant = await staff.signedIn('merchant', 0, path, look);
    await merchant.getByText(/It is settled when you ask for it/).waitFor();
    expect([await overflowOf(merchant), await axeViolations(merchant)]).toEqual([0, []]);
    await merchant.getByRole('button', { name: 'Settle now' }).click();
    const dialog = merchant.getByRole('dialog');
    expect(await axeViolations(merchant)).toEqual([]);
    await dialog.getByRole('button', { name: 'Settle now' }).click();
    await merchant.getByText(/What is settled before/).waitFor();
  });

  it('are seen on the command line', async () => {
    const shown = await stuiver.cli('price-list', 'show', 'standard');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      inForce: null,
      versions: [{ state: 'approved', lines: [{ basisPoints: '120' }, { capMinor: '1500' }] }],
    });
  });
});

/** What `datetime-local` takes, so many milliseconds from now, in this machine's time. */
function localText(ahead: number): string {
  const at = new Date(Date.now() + ahead);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
