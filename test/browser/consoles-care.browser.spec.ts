import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

/*
 * What goes wrong between us and the bank is put right in the page: a line that says nothing is placed by hand, a
 * rejection is recorded, an account is confirmed. And every page is for everyone: two languages, dark, small, by keys.
 */

const FINANCE = [
  '',
  '/payouts',
  '/payouts/all',
  '/bank',
  '/lines',
  '/open',
  '/tie-out',
  '/audit',
  '/prices',
  '/prices/standard',
  '/fee-invoices',
];

describe('the consoles, when something is odd', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let femke: Page;
  let jonas: Page;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: 'care-000001', total: 1_250 });
    femke = await staff.signedIn('finance', 0, '/finance/payouts');
    jonas = await staff.signedIn('finance', 1, '/finance', { language: 'en-GB' });
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
  });

  it('tell a merchant what comes next, and why', async () => {
    const merchant = await staff.signedIn('merchant', 0, '/merchant');
    await merchant.getByText('Sinds de laatste afrekening: Betaling').waitFor();
    await merchant.getByText(/rekening die eindigt op \d{4}/).waitFor();
    expect(await axeViolations(merchant)).toEqual([]);
    await picture(merchant, 'merchant-next');
  });

  it('hand a file to the bank, made in Dutch and approved in English', async () => {
    const batch = await fileForTheBank();
    expect(batch).toMatch(/^pob_/);
    await jonas.getByText('Given to the bank').first().waitFor();
    await picture(jonas, 'finance-batch-english');
    const words = [
      ['bank', 'pay', batch],
      ['bank', 'day', '2'],
    ];
    for (const word of words) expect((await stuiver.cli(...word)).code).toBe(0);
  });

  it('place by hand what the bank left without a name', async () => {
    await importNameless();
    await takeAnOpenItem();
    await femke.goto(`${stuiver.pagesUrl}/finance/lines?state=open`);
    await femke.getByRole('table').waitFor();
    await femke.getByRole('cell', { name: '−€ 12' }).first().waitFor();
    await openRow(femke, /−€\s12/);
    await femke.getByText('De regel noemt geen uitbetaling van ons').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await femke.getByRole('button', { name: 'Plaats' }).click();
    await femke.getByLabel('Waarom weet je dat?').fill('De bank belde');
    await femke.getByText('Dit wordt geboekt en kun je niet ongedaan maken').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-place');
    await femke.getByRole('button', { name: /^Ja, plaats −€ 12/ }).click();
    await femke.getByText('Met de hand: De bank belde').waitFor();
  });

  it('record a rejection and confirm the account, each after a question', async () => {
    await sell(stuiver, { number: 'care-000002', total: 2_500 });
    const { mchid } = await stuiver.merchant();
    await eventually('the payment is booked', async () => {
      await jonas.goto(`${stuiver.pagesUrl}/merchant/${mchid}`);
      await jonas.getByText('To the account that ends').waitFor();
      return (await jonas.getByText('Since the last settlement: Payment').count()) === 1;
    });
    await femke.goto(`${stuiver.pagesUrl}/finance/payouts`);
    await fileForTheBank();
    await jonas.goto(`${stuiver.pagesUrl}/finance/payouts/all?state=exported`);
    await jonas.getByRole('button', { name: 'Record a rejection by the bank' }).click();
    await jonas.getByRole('dialog').getByRole('combobox').selectOption('AC04');
    await picture(jonas, 'finance-reject-english');
    await jonas.getByRole('button', { name: /^Record: €24/ }).click();
    await jonas.getByText('Nothing found with this filter.').waitFor();
    await jonas.goto(`${stuiver.pagesUrl}/finance/payouts/all?state=rejected`);
    await jonas.getByText('AC04: The account is closed.').waitFor();
    await jonas.getByRole('button', { name: 'Confirm the account' }).click();
    await jonas.getByRole('button', { name: 'Yes, the account is right' }).click();
    await jonas.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('tell who did all of that, and find one act among them', async () => {
    await femke.goto(`${stuiver.pagesUrl}/finance/audit`);
    await femke.getByRole('cell', { name: 'Bankgegevens bevestigd' }).waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-audit');
    await femke
      .getByRole('combobox', { name: 'Wat', exact: true })
      .selectOption('bank-line-placed');
    await femke.waitForURL(/act=bank-line-placed/);
    await femke.getByText('De bank belde').waitFor();
    expect(await femke.getByRole('row').count()).toBe(2);
    await femke.getByRole('combobox', { name: 'Onderdeel' }).selectOption('people');
    await femke.getByText('Niets gevonden met dit filter.').waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    const download = femke.waitForEvent('download');
    await femke.goto(`${stuiver.pagesUrl}/finance/audit?book=orders&act=signed-in`);
    await femke.getByRole('button', { name: /CSV/ }).click();
    const file = await readFile(await (await download).path(), 'utf8');
    expect(file).toContain('actor_kind,actor_id,act');
    const verified = await stuiver.cli('audit', 'verify');
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/^good {2}orders/)]);
    const listed = await stuiver.cli('audit', 'list', '--act', 'bank-line-placed');
    expect(JSON.parse(listed.stdout)).toMatchObject({ schema: 'payout', reason: 'De bank belde' });
  });

  it('find an order by what is known of it, and the address says how', async () => {
    const merchant = await staff.signedIn('merchant', 0, '/merchant');
    const { mchid } = await stuiver.merchant();
    await merchant.goto(`${stuiver.pagesUrl}/merchant/${mchid}/orders`);
    await merchant.getByRole('table').waitFor();
    await merchant.keyboard.press('/');
    await merchant.keyboard.type('25,00');
    await merchant.keyboard.press('Enter');
    await merchant.waitForURL(/\?q=25%2C00$/);
    await merchant.getByRole('link', { name: 'care-000001' }).waitFor({ state: 'detached' });
    await merchant.getByRole('link', { name: 'care-000002' }).waitFor();
    await merchant.keyboard.press('Escape');
    await merchant.keyboard.press('j');
    await merchant.keyboard.press('Enter');
    await merchant.getByText('Wat er gebeurde').waitFor();
    await merchant.getByRole('cell', { name: 'Betaling' }).waitFor();
    expect(await axeViolations(merchant)).toEqual([]);
    await picture(merchant, 'merchant-order');
    await merchant.keyboard.press('Escape');
    await merchant.getByRole('search').waitFor();
    await merchant.keyboard.press('?');
    await merchant.getByRole('dialog').getByText('volgende rij').waitFor();
    expect(await axeViolations(merchant)).toEqual([]);
    await merchant.keyboard.press('Escape');
  });

  it('export what is shown, as a spreadsheet reads it', async () => {
    const { mchid } = await stuiver.merchant();
    await jonas.goto(`${stuiver.pagesUrl}/merchant/${mchid}/orders?q=care-000001`);
    const [file] = await Promise.all([
      jonas.waitForEvent('download'),
      jonas.getByRole('button', { name: 'Export as CSV' }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(',12.50,');
    expect(lines[1]).toMatch(/,EUR$/);
  });

  it.each([
    ['nl-NL', false],
    ['nl-NL', true],
    ['en-GB', false],
    ['en-GB', true],
  ] as const)('are for everyone on a small screen: %s, dark: %s', async (language, dark) => {
    const { mchid } = await stuiver.merchant();
    const page = await staff.signedIn('finance', 0, '/finance', { language, dark, width: 320 });
    const paths = [
      ...FINANCE.map((path) => `/finance${path}`),
      ...['', '/orders', '/settlements', '/prices'].map((path) => `/merchant/${mchid}${path}`),
    ];
    for (const path of paths) {
      await page.goto(`${stuiver.pagesUrl}${path}`);
      await page.locator('h1').waitFor();
      await eventually(`${path} is loaded`, async () => {
        return (await page.locator('.skeleton').count()) === 0;
      });
      const found = [path, await overflowOf(page), await axeViolations(page)];
      expect(found).toEqual([path, 0, []]);
    }
    await picture(page, `merchant-settlements-${language.slice(0, 2)}${dark ? '-dark' : ''}`);
  });

  /** Femke makes it, Jonas approves and exports it. @returns the batch's id. */
  async function fileForTheBank(): Promise<string> {
    await femke.getByRole('button', { name: 'Maak een betaalbestand' }).click();
    await femke.getByText('Jij hebt dit bestand gemaakt').waitFor();
    await jonas.goto(femke.url());
    await jonas.getByRole('button', { name: /^Approve €/ }).click();
    await jonas.getByRole('button', { name: /^Yes, pay out €/ }).click();
    await jonas.getByRole('button', { name: 'Make ready for the bank' }).click();
    await jonas.getByRole('link', { name: 'Download pain.001' }).waitFor();
    return /payouts\/(\w+)$/.exec(femke.url())?.[1] ?? '';
  }

  /** Femke takes it and says why and until when; Jonas finds it as hers, by keys and in English. */
  async function takeAnOpenItem(): Promise<void> {
    await eventually('the line is an open item', async () => {
      await femke.goto(
        `${stuiver.pagesUrl}/finance/open?kind=bank-line-without-match&owner=nobody`,
      );
      await femke.locator('table, .empty').waitFor();
      return (await femke.getByRole('table').count()) === 1;
    });
    await femke.getByRole('row').nth(1).getByRole('link').first().click();
    await femke.getByRole('button', { name: 'Neem deze post' }).click();
    await femke.getByRole('button', { name: 'Neem deze post' }).waitFor({ state: 'detached' });
    await femke.getByLabel('Oorzaak').selectOption('wrong-reference');
    await femke.getByLabel('Onze termijn').fill('2099-12-31');
    await femke.getByLabel('Opmerking').fill('De bank is gebeld');
    await femke.getByRole('button', { name: 'Bewaar' }).click();
    await femke.getByRole('listitem').filter({ hasText: 'De bank is gebeld' }).waitFor();
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-open-item');
    const small = await staff.signedIn('finance', 1, new URL(femke.url()).pathname, {
      ...{ language: 'en-GB', dark: true, width: 320 },
    });
    await small.getByText('De bank is gebeld').waitFor();
    expect([await overflowOf(small), await axeViolations(small)]).toEqual([0, []]);
    await jonas.goto(`${stuiver.pagesUrl}/finance/open?reason=wrong-reference`);
    await jonas.getByRole('cell', { name: /Wrong reference/ }).waitFor();
    await picture(jonas, 'finance-open-items-english');
  }

  /** The bank's statements, as a bank would write them that passes nothing on. */
  async function importNameless(): Promise<void> {
    const folder = join(stuiver.dataDir, 'told');
    expect((await stuiver.cli('bank', 'statements', '--to', folder)).code).toBe(0);
    await femke.goto(`${stuiver.pagesUrl}/finance/bank`);
    for (const name of (await readdir(folder)).sort()) {
      const path = join(folder, name);
      const text = await readFile(path, 'utf8');
      const nameless = text
        .replaceAll(/<EndToEndId>[^<]*</g, '<EndToEndId>NOTPROVIDED<')
        .replaceAll(/<PmtInfId>[^<]*<\/PmtInfId>/g, '');
      await writeFile(path, nameless);
      await femke.getByLabel(/Lees een afschrift in/).setInputFiles(path);
      await femke.getByText(/^Afschrift \d+ is ingelezen/).waitFor();
    }
  }

  async function openRow(page: Page, amount: RegExp): Promise<void> {
    await page.getByRole('row').filter({ hasText: amount }).getByRole('link').first().click();
  }
});
