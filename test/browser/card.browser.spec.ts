import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  type DemoMerchant,
  joinDatabase,
  type RunningStuiver,
  startStuiver,
} from '@stuiver/testing';
import { axeViolations, Cafe, launchBrowser, newPerson, picture } from '../support/browser.js';

const START_MS_MAX = 120_000;
const VISA = '4242424242424242';
const DECLINED = '4000000000000002';
const ASKS_TO_CONFIRM = '4000000000003220';

describe('a card', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let person: BrowserContext;
  let merchant: DemoMerchant;
  const sent: string[] = [];

  beforeAll(async () => {
    stuiver = await startStuiver();
    browser = await launchBrowser();
    merchant = await stuiver.merchant();
  }, START_MS_MAX);

  afterAll(async () => {
    await browser.close();
    await stuiver.dispose();
  }, START_MS_MAX);

  beforeEach(async () => {
    person = await newPerson(browser);
    person.on('request', (request) => {
      sent.push(`${request.url()} ${request.postData() ?? ''}`);
    });
  });

  afterEach(async () => {
    await person.close();
  });

  async function chooseCard(): Promise<{ cafe: Cafe; card: Page }> {
    const cafe = await Cafe.open(person, stuiver, merchant.appid);
    await cafe.order('Koffie');
    await cafe.page.getByRole('button', { name: /^Wijzig/ }).click();
    await cafe.page.getByRole('radio', { name: /Kaart/ }).check();
    const pay = cafe.page.getByRole('button', { name: /met je kaart/ });
    const [card] = await Promise.all([person.waitForEvent('page'), pay.click()]);
    await card.getByRole('button', { name: /^Betaal €/ }).waitFor();
    return { cafe, card };
  }

  async function type(card: Page, number: string): Promise<void> {
    const fields = card.frameLocator('iframe');
    await fields.getByLabel('Kaartnummer').fill(number);
    await fields.getByLabel('Vervaldatum').fill('1234');
    await fields.getByLabel('CVC').fill('123');
    await card.getByRole('button', { name: /^Betaal €/ }).click();
  }

  it('is typed in the PSP’s own fields, and the café hears that it is paid', async () => {
    const { cafe, card } = await chooseCard();
    expect(await axeViolations(card)).toEqual([]);
    await picture(card, 'card');
    await type(card, VISA);
    expect(await cafe.outcome()).toBe('requestPayment:ok');
    expect(await cafe.receipt()).toMatch(/Betaald: €\s3,25/);
  });

  it('is asked for again when it is not complete, and nothing was sent', async () => {
    const { card } = await chooseCard();
    const before = sent.length;
    await type(card, '4242424242424241');
    await card.getByText(/geen testkaart/).waitFor();
    expect(sent.slice(before).filter((one) => one.includes('/confirm'))).toEqual([]);
    const closed = card.waitForEvent('close');
    await type(card, VISA);
    await closed;
  });

  it('is confirmed with its issuer where the issuer wants it', async () => {
    const { cafe, card } = await chooseCard();
    await type(card, ASKS_TO_CONFIRM);
    await card.getByRole('heading', { name: 'Je kaart bevestigen' }).waitFor();
    await card.getByRole('button', { name: /goedkeuren/ }).click();
    expect(await cafe.outcome()).toBe('requestPayment:ok');
  });

  it('that is declined leaves the order unpaid, and another try pays it', async () => {
    const { cafe, card } = await chooseCard();
    const closed = card.waitForEvent('close');
    await type(card, DECLINED);
    // The sheet takes the payer back as soon as it knows.
    await closed;
    await cafe.page.getByRole('button', { name: 'Probeer opnieuw' }).click();
    await cafe.page.getByRole('button', { name: /^Wijzig/ }).click();
    await cafe.page.getByRole('radio', { name: /Kaart/ }).check();
    const pay = cafe.page.getByRole('button', { name: /met je kaart/ });
    const [second] = await Promise.all([person.waitForEvent('page'), pay.click()]);
    await type(second, VISA);
    expect(await cafe.outcome()).toBe('requestPayment:ok');
  });

  it('that is declined where no sheet waits says so, and the way back tells how it stands', async () => {
    const { card } = await chooseCard();
    const alone = await person.newPage();
    await alone.goto(card.url());
    await alone.getByRole('button', { name: /^Betaal €/ }).waitFor();
    await type(alone, DECLINED);
    await alone.getByText(/geweigerd.*niets afgeschreven/).waitFor();
    await alone.getByRole('button', { name: 'Terug' }).click();
    await alone.waitForURL(/\/returned\?attempt=/);
  });

  it('is another payer’s own business', async () => {
    const { card } = await chooseCard();
    const stranger = await newPerson(browser);
    const page = await stranger.newPage();
    await page.goto(`${stuiver.pagesUrl}/`);
    await page.goto(card.url());
    await page.getByText('Deze betaling is hier niet te vinden').waitFor();
    await stranger.close();
  });

  it('leaves no number in any request or any table', async () => {
    expect(sent.filter(holdsCardNumber)).toEqual([]);
    const database = await joinDatabase(stuiver.dataDir);
    try {
      expect(await tablesWithCardNumbers(database)).toEqual([]);
    } finally {
      await database.close();
    }
  });
});

/** Thirteen to nineteen digits, in groups or not, whose check digit is right and whose first is a card's. */
function holdsCardNumber(text: string): boolean {
  const runs =
    text.match(/(?<![\dA-Za-z_.-])[2-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}(?![\dA-Za-z_.-])/g) ??
    [];
  return runs.map((run) => run.replaceAll(/\D/g, '')).some(isLuhn);
}

function isLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, place) => {
      const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

type Database = Awaited<ReturnType<typeof joinDatabase>>;

/** Every row of every table of ours, as text. */
async function tablesWithCardNumbers(database: Database): Promise<readonly string[]> {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await database.query<{ text: string }>(`select t::text as text from ${name} t`);
    if (rows.some(({ text }) => holdsCardNumber(text))) found.push(name);
  }
  return found;
}
