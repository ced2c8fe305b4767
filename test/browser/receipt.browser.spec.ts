import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { REPOSITORY_ROOT, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser } from '../support/browser.js';

/*
 * A booking of the demo is proven to somebody who has the receipt and our public key and nothing else: by a command, and
 * by the page, saved to a disk and opened without a network.
 */
describe('a receipt', () => {
  let stuiver: RunningStuiver;
  let browser: Browser;
  let folder: string;
  let receipt: string;
  let key: string;

  beforeAll(async () => {
    [stuiver, browser] = await Promise.all([startStuiver(), launchBrowser()]);
    folder = await mkdtemp(join(tmpdir(), 'receipt-'));
    receipt = (await stuiver.cli('ledger', 'receipt', '1')).stdout;
    const answer = await fetch(`${stuiver.apiUrl}/ledger/keys`);
    const { keys } = (await answer.json()) as { keys: { publicKeyPem: string }[] };
    key = keys[0]?.publicKeyPem ?? '';
    await writeFile(join(folder, 'receipt.json'), receipt);
    await writeFile(join(folder, 'key.pem'), key);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await stuiver.dispose();
    await rm(folder, { recursive: true });
  });

  it('is good by the command, and bad when an amount is changed', async () => {
    const verify = (file: string) =>
      stuiver.cli('receipt', 'verify', join(folder, file), '--key', join(folder, 'key.pem'));
    expect(await verify('receipt.json')).toMatchObject({ code: 0 });
    const other = receipt.replace(/"amountMinor": "\d/, '"amountMinor": "9');
    await writeFile(join(folder, 'other.json'), `${other.slice(0, -1)}\n`);
    const changed = await verify('other.json');
    expect(receipt).not.toBe(other);
    expect(changed.code).toBe(1);
  });

  it('is good on the page, saved to a disk and without a network', async () => {
    await copyFile(join(REPOSITORY_ROOT, 'apps/web/dist/verify.html'), join(folder, 'verify.html'));
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'verify.html')).href);
    expect(await verdictOn(page, receipt)).toContain('Good');
    expect(await axeViolations(page)).toEqual([]);
    const other = receipt.replace('"currency": "EUR"', '"currency": "USD"');
    expect(await verdictOn(page, other)).toContain('Bad');
    await context.close();
  });

  it('is good on the page as we serve it, under a policy that lets it speak to nobody', async () => {
    const page = await browser.newPage();
    const answer = await page.goto(`${stuiver.pagesUrl}/verify`);
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
    expect(await verdictOn(page, receipt)).toContain('Good');
  });

  it('stands in books that verify finds good, from the beginning and from the checkpoint', async () => {
    const whole = await stuiver.cli('ledger', 'verify', '--json');
    expect(JSON.parse(whole.stdout)).toMatchObject({ good: true, finding: null });
    const rest = await stuiver.cli('ledger', 'verify', '--from-checkpoint');
    expect(rest).toMatchObject({ code: 0, stdout: expect.stringMatching(/^good /) as unknown });
  });

  async function verdictOn(
    page: Awaited<ReturnType<Browser['newPage']>>,
    text: string,
  ): Promise<string> {
    await page.getByLabel('Receipt (JSON)').fill(text);
    await page.getByLabel('Public key (PEM)').fill(key);
    await page.getByRole('button', { name: 'Check' }).click();
    const verdict = page.getByRole('status');
    await verdict.filter({ hasText: /Good|Bad/ }).waitFor();
    return (await verdict.textContent()) ?? '';
  }
});
