import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type FrameLocator,
  type Page,
} from 'playwright-core';
import { REPOSITORY_ROOT, type DemoPayer, type RunningStuiver } from '@stuiver/testing';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PHONE = { width: 420, height: 800 };

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['STUIVER_CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** A person with a phone of their own: fresh cookies, one language. */
export async function newPerson(
  browser: Browser,
  options: { language?: 'nl-NL' | 'en-GB'; dark?: boolean; width?: number } = {},
): Promise<BrowserContext> {
  return browser.newContext({
    locale: options.language ?? 'nl-NL',
    colorScheme: options.dark === true ? 'dark' : 'light',
    viewport: { ...PHONE, width: options.width ?? PHONE.width },
  });
}

/** Signs a demo payer in with the token of the demo file, as a kept session would be. */
export async function signIn(
  person: BrowserContext,
  stuiver: RunningStuiver,
  payer: DemoPayer,
): Promise<void> {
  await person.addCookies([
    {
      name: 'stuiver_session',
      value: payer.token,
      url: stuiver.pagesUrl,
      httpOnly: true,
      sameSite: 'Lax',
    },
  ]);
}

/** The café's mini-program in its frame, signed in and with its menu. */
export class Cafe {
  readonly frame: FrameLocator;

  private constructor(readonly page: Page) {
    this.frame = page.frameLocator('iframe');
  }

  static async open(person: BrowserContext, stuiver: RunningStuiver, appid: string): Promise<Cafe> {
    const page = await person.newPage();
    await page.goto(`${stuiver.pagesUrl}/m/${appid}`);
    const cafe = new Cafe(page);
    await cafe.frame.locator('body[data-ready]').waitFor();
    return cafe;
  }

  /** Puts things into the cart and asks to pay: the host's sheet opens. */
  async order(...items: readonly string[]): Promise<void> {
    for (const item of items)
      await this.frame.getByRole('button', { name: `${item}: meer` }).click();
    await this.frame.getByRole('button', { name: 'Afrekenen' }).click();
    await this.page.getByRole('dialog').getByRole('button').first().waitFor();
  }

  /** What `wx.requestPayment` gave to the page. */
  async outcome(): Promise<string> {
    const body = this.frame.locator('body[data-outcome]');
    await body.waitFor();
    return (await body.getAttribute('data-outcome')) ?? '';
  }

  /** The receipt once the café's own server was told by a signed notification. */
  async receipt(): Promise<string> {
    await this.frame.locator('#receipt[data-notified=true]').waitFor();
    return (await this.frame.locator('#receipt-text').textContent()) ?? '';
  }
}

/** Takes the bank instead of the wallet: "change", then the list. */
export async function chooseBank(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Wijzig|Change)/ }).click();
  await page.getByRole('radio', { name: /iDEAL/ }).check();
}

/** Presses the sheet's button. @returns the bank's page, which opens in a window of its own. */
async function goToBank(page: Page): Promise<Page> {
  const pay = page.getByRole('dialog').getByRole('button', { name: /bank/i });
  const [bank] = await Promise.all([page.context().waitForEvent('page'), pay.click()]);
  return bank;
}

/** Presses the sheet's button and answers at the bank. */
export async function payAtBank(page: Page, answer: RegExp): Promise<void> {
  const bank = await goToBank(page);
  await bank.getByRole('button', { name: answer }).click();
}

const AXE = join(createRequire(import.meta.url).resolve('axe-core'), '..', 'axe.min.js');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** A colour on its way to another is no colour that anybody reads; what turns for ever is not waited for. */
const AT_REST = `Promise.all(document.getAnimations()
  .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime))
  .map((each) => each.finished.catch(() => undefined))).then(() => undefined)`;

/** What axe finds wrong with the page as it is now: WCAG 2.2 AA rules, frames included. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  const source = await readFile(AXE, 'utf8');
  // The page's policy forbids foreign scripts; the test's own world is not bound by it.
  await page.evaluate(source);
  await page.evaluate(AT_REST);
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], iframes: false })`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

/** Writes a picture for the documents, when asked to (UPDATE_SCREENSHOTS=1). */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
  const path = join(REPOSITORY_ROOT, 'docs/screenshots', `${name}.png`);
  // Nothing in mid-flight: what moves is shown where it ends up.
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path, animations: 'disabled', scale: 'css' });
}
