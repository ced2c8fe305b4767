import type { SettlementSummary, StatementRow } from '../postgres/settlement-view.js';

const COLUMNS = [
  'settlement',
  'line',
  'booked_at',
  'type',
  'order_no',
  'transaction_id',
  'refund_no',
  'method',
  'description',
  'ledger_transfer',
  'amount_eur',
  'running_total_eur',
  'end_to_end_id',
];
/** A cell that begins like a formula is run by some spreadsheets. */
const FORMULA = /^[=+\-@\t\r]/;

/** A statement as a spreadsheet reads it: UTF-8, commas, one unit (euros) named in the header. In pieces. */
export async function* lineCsv(
  settlement: SettlementSummary,
  pages: AsyncIterable<readonly StatementRow[]>,
): AsyncGenerator<string, void, undefined> {
  yield written(COLUMNS);
  for await (const lines of pages) {
    yield lines.map((line) => written(cellsOf(settlement, line))).join('');
  }
}

function cellsOf(settlement: SettlementSummary, line: StatementRow): string[] {
  return [
    settlement.id,
    line.version,
    line.bookedAt.toISOString(),
    line.purpose,
    text(line.outTradeNo),
    text(line.transactionId),
    text(line.outRefundNo),
    text(line.method),
    text(line.description),
    line.transferSeq,
    line.amount.toMajorText(),
    line.runningTotal.toMajorText(),
    text(settlement.endToEndId),
  ];
}

function written(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function text(value: string | null): string {
  const written = value ?? '';
  return FORMULA.test(written) ? `'${written}` : written;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
