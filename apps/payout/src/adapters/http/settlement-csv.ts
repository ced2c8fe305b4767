import { csvRow, textCell } from '../file/csv-row.js';
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

/** A statement as a spreadsheet reads it: UTF-8, commas, one unit (euros) named in the header. In pieces. */
export async function* lineCsv(
  settlement: SettlementSummary,
  pages: AsyncIterable<readonly StatementRow[]>,
): AsyncGenerator<string, void, undefined> {
  yield csvRow(COLUMNS);
  for await (const lines of pages) {
    yield lines.map((line) => csvRow(cellsOf(settlement, line))).join('');
  }
}

function cellsOf(settlement: SettlementSummary, line: StatementRow): string[] {
  return [
    settlement.id,
    line.version,
    line.bookedAt.toISOString(),
    line.purpose,
    textCell(line.outTradeNo),
    textCell(line.transactionId),
    textCell(line.outRefundNo),
    textCell(line.method),
    textCell(line.description),
    line.transferSeq,
    line.amount.toMajorText(),
    line.runningTotal.toMajorText(),
    textCell(settlement.endToEndId),
  ];
}
