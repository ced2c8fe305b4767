import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import {
  type DemoMerchant,
  type DemoPayer,
  eventually,
  type RunningStuiver,
  startStuiver,
} from '@stuiver/testing';
import {
  axeViolations,
  Cafe,
  chooseBank,
  launchBrowser,
  newPerson,
  payAtBank,
  picture,
  signIn,
} from '../support/browser.js';
import { operatorClient } from '../support/operator-client.js';

const START_MS_MAX = 120_000;

describe('Café De Stuiver', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let person: BrowserContext;
  let merchant: DemoMerchant;
  let anna: DemoPayer;

  beforeAll(async () => {
    stuiver = await startStuiver();
    browser = await launchBrowser();
    merchant = await stuiver.merchant();
    const [first] = await stuiver.payers();
    if (first === undefined) throw new Error('the demo has payers');
    anna = first;
  }, START_MS_MAX);

  afterAll(async () => {
    await browser.close();
    await stuiver.dispose();
  }, START_MS_MAX);

  beforeEach(async () => {
    person = await newPerson(browser);
  });

  afterEach(async () => {
    await person.close();
  });

  const open = (): Promise<Cafe> => Cafe.open(person, stuiver, merchant.appid);

  async function balanceOf(payer: DemoPayer): Promise<bigint> {
    const operator = operatorClient(stuiver, await stuiver.operatorToken());
    return BigInt(await operator.balance(`user:${payer.user_id}:wallet`));
  }

  it('is paid by a newcomer as a guest, who types nothing before the bank', async () => {
    const cafe = await open();
    await picture(cafe.page, 'cafe');
    await cafe.order('Koffie');
    const dialog = cafe.page.getByRole('dialog');
    expect(await dialog.getAttribute('aria-label')).toMatch(/^Betaal €\s3,25 aan Café De Stuiver$/);
    expect(await dialog.locator('input[type=password]:visible').count()).toBe(0);
    await payAtBank(cafe.page, /goedkeuren/);
    expect(await cafe.outcome()).toBe('requestPayment:ok');
    expect(await cafe.receipt()).toMatch(/Betaald: €\s3,25/);
    await cafe.page.getByRole('link', { name: 'Bewaar je account' }).click();
    await cafe.page.getByLabel('Je naam').fill('Daan Mulder');
    await cafe.page.getByLabel(/pincode/).fill('908172');
    await cafe.page.getByRole('button', { name: 'Bewaar' }).click();
    await cafe.page.getByText('Je account is bewaard.').waitFor();
  });

  it('is paid from the wallet with one PIN, and gives half of it back', async () => {
    await signIn(person, stuiver, anna);
    const before = await balanceOf(anna);
    const cafe = await open();
    await cafe.order('Koffie', 'Appeltaart');
    await picture(cafe.page, 'pay-sheet');
    await cafe.page.getByLabel('Pincode').fill(anna.pin);
    await cafe.page.getByRole('button', { name: /^Betaal € 8,20$|^Betaal €\s8,20$/ }).click();
    expect(await cafe.outcome()).toBe('requestPayment:ok');
    expect(await cafe.receipt()).toMatch(/Betaald: €\s8,20/);
    await picture(cafe.page, 'receipt');
    expect(before - (await balanceOf(anna))).toBe(820n);
    await cafe.frame.getByRole('button', { name: 'Helft terug' }).click();
    await cafe.frame.getByText(/Terugbetaald: €\s4,10/).waitFor();
    await eventually('half of it is back', async () => before - (await balanceOf(anna)) === 410n);
    await cafe.page.goto(`${stuiver.pagesUrl}/history`);
    await cafe.page.getByText('Terugbetaling').first().waitFor();
    await picture(cafe.page, 'history');
  });

  it('is paid by iDEAL when the bank says yes', async () => {
    await signIn(person, stuiver, anna);
    const before = await balanceOf(anna);
    const cafe = await open();
    await cafe.order('Cappuccino');
    await chooseBank(cafe.page);
    await payAtBank(cafe.page, /goedkeuren/);
    expect(await cafe.outcome()).toBe('requestPayment:ok');
    expect(await balanceOf(anna)).toBe(before);
  });

  it('hears that the bank said no, and can be paid all the same', async () => {
    const cafe = await open();
    await cafe.order('Koffie');
    await payAtBank(cafe.page, /mislukken/);
    const dialog = cafe.page.getByRole('dialog');
    await dialog.getByText('Niet gelukt').first().waitFor();
    expect(await axeViolations(cafe.page)).toEqual([]);
    await picture(cafe.page, 'failed');
    await dialog.getByRole('button', { name: 'Probeer opnieuw' }).click();
    await payAtBank(cafe.page, /goedkeuren/);
    expect(await cafe.outcome()).toBe('requestPayment:ok');
  });

  it('hears of a failed payment when the payer leaves it at that', async () => {
    const cafe = await open();
    await cafe.order('Koffie');
    await payAtBank(cafe.page, /mislukken/);
    await cafe.page.getByRole('button', { name: 'Sluiten' }).click();
    expect(await cafe.outcome()).toMatch(/^requestPayment:fail (?!cancel|pending)/);
  });

  it('hears "cancel" when the payer closes the sheet, and nothing is charged', async () => {
    await signIn(person, stuiver, anna);
    const before = await balanceOf(anna);
    const cafe = await open();
    await cafe.order('Koffie');
    await cafe.page.keyboard.press('Escape');
    expect(await cafe.outcome()).toBe('requestPayment:fail cancel');
    expect(await balanceOf(anna)).toBe(before);
    await cafe.frame.getByText('Geannuleerd').waitFor();
  });

  it('hears "pending" when the payer does not wait for the bank', async () => {
    const cafe = await open();
    await cafe.order('Koffie');
    const pay = cafe.page.getByRole('dialog').getByRole('button', { name: /via je bank/ });
    await Promise.all([person.waitForEvent('page'), pay.click()]);
    await cafe.page.getByRole('link', { name: 'Open je bank' }).waitFor();
    await cafe.page.keyboard.press('Escape');
    expect(await cafe.page.getByRole('dialog').isVisible()).toBe(true);
    expect(await axeViolations(cafe.page)).toEqual([]);
    await picture(cafe.page, 'at-the-bank');
    await cafe.page.getByRole('button', { name: 'Verder zonder te wachten' }).click();
    expect(await cafe.outcome()).toBe('requestPayment:fail pending');
  });

  it('opens one sheet at a time: a second call fails and leaves the first alone', async () => {
    const cafe = await open();
    await cafe.order('Koffie');
    const second = await cafe.frame.locator('body').evaluate(async () => {
      const { wx } = globalThis as unknown as {
        wx: { requestPayment(options: object): Promise<unknown> };
      };
      const parameters = {
        timeStamp: '1',
        nonceStr: 'n',
        package: 'prepay_id=x',
        signType: 'RSA',
        paySign: 's',
      };
      return wx.requestPayment(parameters).catch((outcome: unknown) => outcome);
    });
    expect(second).toEqual({
      errMsg: 'requestPayment:fail another payment is in progress',
      errCode: 700_000,
    });
    await cafe.page.keyboard.press('Escape');
    expect(await cafe.outcome()).toBe('requestPayment:fail cancel');
  });

  it('shows no sheet for a forged signature', async () => {
    const cafe = await open();
    const outcome = await cafe.frame.locator('body').evaluate(async () => {
      const { wx } = globalThis as unknown as {
        wx: { requestPayment(options: object): Promise<unknown> };
      };
      const parameters = {
        timeStamp: '1',
        nonceStr: 'n',
        package: 'prepay_id=wx1',
        signType: 'RSA',
        paySign: 'Zm9yZ2Vk',
      };
      return wx.requestPayment(parameters).catch((answer: unknown) => answer);
    });
    expect(outcome).toMatchObject({
      errMsg: expect.stringMatching(/^requestPayment:fail (?!cancel)/) as unknown as string,
    });
    expect(await cafe.page.getByRole('dialog').isVisible()).toBe(false);
  });

  it('says that a PIN is wrong and lets the payer try again', async () => {
    await signIn(person, stuiver, anna);
    const cafe = await open();
    await cafe.order('Koffie');
    await cafe.page.getByLabel('Pincode').fill('000000');
    await cafe.page.getByRole('button', { name: /^Betaal €/ }).click();
    await cafe.page.getByText('Deze pincode klopt niet').waitFor();
    expect(await axeViolations(cafe.page)).toEqual([]);
    await cafe.page.getByLabel('Pincode').fill(anna.pin);
    await cafe.page.keyboard.press('Enter');
    expect(await cafe.outcome()).toBe('requestPayment:ok');
  });

  it('keeps the books balanced through all of it', async () => {
    const operator = operatorClient(stuiver, await stuiver.operatorToken());
    await eventually(
      'debits equal credits',
      async () => (await operator.trialDifference()) === '0',
    );
  });

  it.each([
    { name: 'on a phone', short: 'phone', options: {} },
    { name: 'in the dark', short: 'dark', options: { dark: true } },
    { name: 'at 320 px', short: '320', options: { width: 320 } },
    { name: 'in English', short: 'english', options: { language: 'en-GB' as const } },
  ])(
    'is usable by everybody $name: axe finds nothing and nothing is cut off',
    async ({ short, options }) => {
      const visitor = await newPerson(browser, options);
      await signIn(visitor, stuiver, anna);
      const cafe = await Cafe.open(visitor, stuiver, merchant.appid);
      await cafe.order('Koffie');
      // The sheet may be paid from: its button has the colours that it keeps.
      await cafe.page.locator('button.primary[aria-disabled="false"]').first().waitFor();
      expect(await axeViolations(cafe.page)).toEqual([]);
      const overflow = await cafe.page.evaluate(
        'document.documentElement.scrollWidth - innerWidth',
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await picture(cafe.page, `sheet-${short}`);
      await cafe.page.keyboard.press('Escape');
      for (const path of ['/', '/history', '/settings']) {
        await cafe.page.goto(stuiver.pagesUrl + path);
        await cafe.page.getByRole('heading', { level: 1 }).first().waitFor();
        expect(await axeViolations(cafe.page)).toEqual([]);
        expect(
          await cafe.page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        ).toBeLessThanOrEqual(0);
      }
      await picture(cafe.page, `account-${short}`);
      await visitor.close();
    },
  );

  it('can be paid with the keyboard alone, and focus comes back', async () => {
    await signIn(person, stuiver, anna);
    const cafe = await open();
    await cafe.frame.getByRole('button', { name: 'Koffie: meer' }).focus();
    await cafe.page.keyboard.press('Enter');
    await cafe.frame.getByRole('button', { name: 'Afrekenen' }).focus();
    await cafe.page.keyboard.press('Enter');
    await cafe.page.getByLabel('Pincode').waitFor();
    await cafe.page.keyboard.type(anna.pin);
    await cafe.page.keyboard.press('Enter');
    expect(await cafe.outcome()).toBe('requestPayment:ok');
    expect(await cafe.page.evaluate('document.activeElement.tagName')).toMatch(
      /IFRAME|STUIVER-FRAME/,
    );
  });

  it('is settled and paid out: the merchant sees every line', async () => {
    const link = stuiver.readyLine.split('settlements ')[1] ?? '';
    const page = await person.newPage();
    await page.goto(link);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sluit af en betaal nu uit' }).click();
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByText('EndToEndId').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'settlement');
    const used = await person.newPage();
    const answer = await used.goto(link);
    expect(answer?.status()).toBe(410);
  });
});
