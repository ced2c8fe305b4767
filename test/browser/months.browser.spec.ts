import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningStuiver, startStuiver } from '@stuiver/testing';
import { axeViolations, launchBrowser, picture } from '../support/browser.js';
import { SimulatedClock } from '../support/simulated-clock.js';
import { overflowOf, sell, StaffPages } from '../support/staff-page.js';

/* A month ends: one person of finance prepares it, another closes it, and nothing is booked in it any more. */

/** Cookies live by the browser's own clock, which nobody moves: what is simulated lies ahead of it. */
const END = endOfMonth();
const DAY_MS = 86_400_000;
const MONTH = new Date(END.getTime() - 2 * DAY_MS).toISOString().slice(0, 7);

describe('the end of a month', () => {
  let clock: SimulatedClock;
  let stuiver: RunningStuiver;
  let browser: Browser;
  let staff: StaffPages;
  let femke: Page;
  let jonas: Page;

  beforeAll(async () => {
    clock = await SimulatedClock.at(new Date(END.getTime() - DAY_MS));
    [stuiver, browser] = await Promise.all([
      startStuiver({ environment: clock.environment }),
      launchBrowser(),
    ]);
    staff = new StaffPages(browser, stuiver);
    await sell(stuiver, { number: 'month-00001', total: 1_250 });
  });
  afterAll(async () => {
    await staff.close();
    await browser.close();
    await stuiver.dispose();
    await clock.close();
  });

  it('waits until the month is over', async () => {
    femke = await staff.signedIn('finance', 0, '/finance/months');
    await femke.getByRole('link', { name: monthText('nl-NL') }).click();
    await femke.getByText('Deze maand loopt nog.').waitFor();
    expect(await femke.getByRole('button', { name: 'Zet klaar' }).count()).toBe(0);
    expect(await axeViolations(femke)).toEqual([]);
  });

  it('is prepared with its figures, and why it may be closed', async () => {
    await clock.goTo(new Date(END.getTime() + 2 * DAY_MS));
    femke = await staff.signedIn('finance', 0, `/finance/months/${MONTH}`);
    await femke.getByText('Voorbij, nog open').waitFor();
    await femke.getByText('Winkels: nog af te rekenen').waitFor();
    expect([await overflowOf(femke), await axeViolations(femke)]).toEqual([0, []]);
    await femke.getByRole('button', { name: 'Zet klaar' }).click();
    const dialog = femke.getByRole('dialog');
    expect(await axeViolations(femke)).toEqual([]);
    const note = dialog.getByLabel('Waarom kan de maand toch dicht?');
    if ((await note.count()) > 0) await note.fill('De eerste maand, nog zonder bank.');
    await dialog.getByRole('button', { name: 'Zet klaar' }).click();
    await femke.getByText('Jij hebt haar klaargezet.').waitFor();
    expect(await femke.getByRole('button', { name: 'Sluit de maand' }).count()).toBe(0);
    expect(await axeViolations(femke)).toEqual([]);
    await picture(femke, 'finance-month');
  });

  it('is closed by another, in English on a phone, for ever', async () => {
    const look = { language: 'en-GB', dark: true, width: 320 } as const;
    jonas = await staff.signedIn('finance', 1, `/finance/months/${MONTH}`, look);
    await jonas.getByText('The figures are still as they were prepared.').waitFor();
    await jonas.getByRole('button', { name: 'Close the month' }).click();
    const dialog = jonas.getByRole('dialog');
    await dialog.getByText(`nothing can be booked in ${monthText('en-IE')}`).waitFor();
    expect(await axeViolations(jonas)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close the month' }).click();
    await jonas.getByText('Closed with the figures that both people saw.').waitFor();
    expect([await overflowOf(jonas), await axeViolations(jonas)]).toEqual([0, []]);
    await picture(jonas, 'finance-month-en-dark');
    const [file] = await Promise.all([
      jonas.waitForEvent('download'),
      jonas.getByRole('link', { name: 'All bookings as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe(`journal-${MONTH}.csv`);
    await jonas.getByRole('link', { name: 'Month close' }).first().click();
    await jonas.getByText('Closed', { exact: true }).waitFor();
    expect([await overflowOf(jonas), await axeViolations(jonas)]).toEqual([0, []]);
  });

  it('is beside what there is for what others are owed', async () => {
    await femke.getByRole('link', { name: 'Vandaag' }).first().click();
    await femke.getByRole('heading', { name: 'Geld tegenover schuld' }).waitFor();
    await femke.getByText('Wat we anderen schuldig zijn', { exact: false }).last().click();
    await femke.getByText(/Saldo van betalers/).waitFor();
    expect([await overflowOf(femke), await axeViolations(femke)]).toEqual([0, []]);
    await picture(femke, 'finance-cash');
  });
});

/** Midday of the first day of a month to come, at least a day ahead. */
function endOfMonth(): Date {
  const soon = new Date(Date.now() + 2 * 86_400_000);
  return new Date(Date.UTC(soon.getUTCFullYear(), soon.getUTCMonth() + 1, 1, 11));
}

function monthText(locale: string): string {
  const style = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, style).format(new Date(`${MONTH}-15T00:00:00Z`));
}
