import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { RunningStuiver } from '@stuiver/testing';
import { merchantClient } from './merchant-client.js';

interface Staff {
  readonly email: string;
  readonly password: string;
  readonly roles: readonly string[];
}

export interface Look {
  readonly width?: number;
  readonly dark?: boolean;
  readonly language?: 'nl-NL' | 'en-GB';
}

/** The demo's staff in real windows, each with cookies of their own. */
export class StaffPages {
  private readonly people: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly stuiver: RunningStuiver,
  ) {}

  /** @param place  which of those with that role, counted from 0. */
  async signedIn(role: string, place: number, path: string, look: Look = {}): Promise<Page> {
    const text = await readFile(join(this.stuiver.dataDir, 'demo', 'staff.json'), 'utf8');
    const who = (JSON.parse(text) as Staff[]).filter(({ roles }) => roles.includes(role))[place];
    const person = await this.browser.newContext({
      locale: look.language ?? 'nl-NL',
      colorScheme: look.dark === true ? 'dark' : 'light',
      viewport: { width: look.width ?? 1_280, height: 800 },
    });
    this.people.push(person);
    const page = await person.newPage();
    await page.goto(`${this.stuiver.pagesUrl}${path}`);
    await page.getByRole('link', { name: /^(Inloggen|Sign in)$/ }).click();
    await page.locator('input[type=email], input[name=email]').fill(who?.email ?? '');
    await page.locator('input[type=password]').fill(who?.password ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    return page;
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map((person) => person.close()));
  }
}

/** A paid order of the demo merchant; `abandon`: its payer went to the bank and never came back. */
export async function sell(
  stuiver: RunningStuiver,
  order: { number: string; total: number; outcome?: 'success' | 'abandon' },
): Promise<void> {
  const merchant = await stuiver.merchant();
  const { code_url: code } = await merchantClient(merchant).post('v3/pay/transactions/native', {
    appid: merchant.appid,
    mchid: merchant.mchid,
    description: 'Koffie',
    out_trade_no: order.number,
    notify_url: `${stuiver.cafeUrl}/notify`,
    amount: { total: order.total, currency: 'EUR' },
  });
  await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code_url: code, method: 'ideal', outcome: order.outcome ?? 'success' }),
  });
}

/** By how many pixels the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}
