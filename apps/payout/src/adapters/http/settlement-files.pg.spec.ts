import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { invariant } from '@stuiver/errors';
import { pdfText } from '@stuiver/testing';
import { ONE, PayoutWorld } from '../../testing/payout-world.js';
import { LINES_PER_PAGE, type SettlementSummary } from '../postgres/settlement-view.js';
import { lineCsv } from './settlement-csv.js';
import { lineJson } from './settlement-json.js';
import { settlementPdf } from './settlement-pdf.js';

const LINES = LINES_PER_PAGE + 7;

describe('the files of a settlement that is longer than a page', () => {
  let world: PayoutWorld;
  let settlement: SettlementSummary;

  beforeEach(async () => {
    world = await PayoutWorld.open();
    for (let cents = 1n; cents <= BigInt(LINES); cents += 1n) await world.ledger.pay(ONE, cents);
    const { id } = await world.parts.close.begin(ONE);
    const found = await world.parts.view.find(ONE, id);
    invariant(found !== undefined, 'a closed settlement is there');
    settlement = found;
  }, 60_000);
  afterEach(() => world.close());

  const pages = () => world.parts.view.pages(ONE, settlement.id);

  it('have every line once, and their running total ends at what is paid out', async () => {
    let csv = '';
    for await (const piece of lineCsv(settlement, pages())) csv += piece;
    const rows = csv.trimEnd().split('\r\n').slice(1);
    expect(rows).toHaveLength(LINES);
    expect(new Set(rows.map((row) => row.split(',')[9])).size).toBe(LINES);
    expect(rows.at(-1)?.split(',')[11]).toBe(settlement.amount.toMajorText());

    let json = '';
    for await (const piece of lineJson(settlement, pages())) json += piece;
    const read = JSON.parse(json) as { amount_minor: string; lines: Record<string, string>[] };
    expect(read.lines).toHaveLength(LINES);
    expect(read.lines.map((line) => line['ledger_transfer'])).toEqual(
      rows.map((row) => row.split(',')[9]),
    );
    expect(read.lines.at(-1)?.['running_total_minor']).toBe(read.amount_minor);
    expect(read.amount_minor).toBe(String((LINES * (LINES + 1)) / 2));
  });

  it('are read on paper too, the same bytes each time', async () => {
    const print = async (language: 'nl' | 'en'): Promise<Buffer> => {
      const sums = await world.parts.view.sums(ONE, settlement.id);
      const of = { merchantId: ONE, settlement, sums, pages: pages() };
      return Buffer.concat(await settlementPdf(of, language).toArray());
    };
    const paper = await print('nl');
    expect(paper.equals(await print('nl'))).toBe(true);
    const text = pdfText(paper);
    for (const said of [settlement.id, 'Betaling', String(LINES), 'Totaal', '5075,28']) {
      expect(text).toContain(said);
    }
    // The head of the lines stands on every page that has lines.
    const pageCount = paper.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    expect([pageCount > 10, text.split('Lopend totaal').length - 1]).toEqual([true, pageCount]);
    expect(pdfText(await print('en'))).toContain('5075.28');
  }, 60_000);

  it('are another merchant’s nothing', async () => {
    const others = world.parts.view.pages('1900000002', settlement.id);
    expect((await others.next()).done).toBe(true);
  });
});
