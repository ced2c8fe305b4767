import type { Readable } from 'node:stream';
import type { Money } from '@stuiver/money';
import { amountText, dayText, type Paper, paperStream, type PaperTable } from '@stuiver/paper';
import type { PurposeSum, SettlementSummary, StatementRow } from '../postgres/settlement-view.js';
import { type Language, type Words, WORDS } from './settlement-words.js';

/** In points: booked, type, order or refund, transfer, amount, running total. */
const LINE_WIDTHS = [84, 84, 160, 45, 50, 60] as const;
const SUM_WIDTHS = [313, 60, 110] as const;

export interface Statement {
  readonly merchantId: string;
  readonly settlement: SettlementSummary;
  readonly sums: readonly PurposeSum[];
  readonly pages: AsyncIterable<readonly StatementRow[]>;
}

/** A settlement on paper, to its last line; in pieces. The same settlement is the same bytes. */
export function settlementPdf(statement: Statement, language: Language): Readable {
  return paperStream(paperOf(statement, language));
}

function paperOf({ merchantId, settlement, sums, pages }: Statement, language: Language): Paper {
  const w = WORDS[language];
  const { id, closedAt, amount } = settlement;
  return {
    ...{ title: `${w.settlement} ${dayText(closedAt, language)}`, language, madeAt: closedAt },
    facts: [
      [w.settlement, id],
      [w.merchant, merchantId],
      [w.closed, momentText(closedAt, language)],
      [w.amount, `${amount.currency} ${amountText(amount, language)}`],
      [w.payout, w.states[settlement.payoutState ?? 'none'] ?? settlement.payoutState ?? ''],
      ...payoutFacts(settlement, w),
    ],
    tables: [sumsTable(sums, amount, language), linesTable(pages, amount, language)],
    notes: [w.paperNote],
  };
}

function payoutFacts(
  { ibanLast4, executionDate, endToEndId }: SettlementSummary,
  w: Words,
): Paper['facts'] {
  const account = ibanLast4 === null ? null : `**** ${ibanLast4}`;
  return [
    [w.account, account] as const,
    [w.executionDate, executionDate] as const,
    ['EndToEndId', endToEndId] as const,
  ].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

function sumsTable(sums: readonly PurposeSum[], total: Money, language: Language): PaperTable {
  const w = WORDS[language];
  const count = sums.reduce((all, sum) => all + sum.count, 0);
  return {
    ...{ widths: SUM_WIDTHS, textColumns: 1, head: [w.type, w.count, w.amount] },
    rows: [
      [
        ...sums.map((sum) => [
          w.purposes[sum.purpose] ?? sum.purpose,
          String(sum.count),
          amountText(sum.amount, language),
        ]),
        [w.total, String(count), amountText(total, language)],
      ],
    ],
  };
}

function linesTable(
  pages: AsyncIterable<readonly StatementRow[]>,
  total: Money,
  language: Language,
): PaperTable {
  const w = WORDS[language];
  async function* rows(): AsyncGenerator<readonly (readonly string[])[], void, undefined> {
    for await (const page of pages) yield page.map((line) => cellsOf(line, language));
    yield [[w.total, '', '', '', '', amountText(total, language)]];
  }
  return {
    ...{ widths: LINE_WIDTHS, textColumns: 4, rows: rows() },
    head: [w.booked, w.type, w.order, w.transfer, w.amount, w.runningTotal],
  };
}

function cellsOf(line: StatementRow, language: Language): readonly string[] {
  return [
    momentText(line.bookedAt, language),
    WORDS[language].purposes[line.purpose] ?? line.purpose,
    line.outRefundNo ?? line.outTradeNo ?? '',
    line.transferSeq,
    amountText(line.amount, language),
    amountText(line.runningTotal, language),
  ];
}

function momentText(at: Date, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-IE', {
    ...{ day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    timeZone: 'Europe/Amsterdam',
  });
  return format.format(at);
}
