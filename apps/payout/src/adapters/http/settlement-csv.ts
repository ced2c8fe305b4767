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

/** A statement as a spreadsheet reads it: UTF-8, commas, one unit (euros) named in the header. */
export function lineCsv(settlement: SettlementSummary, lines: readonly StatementRow[]): string {
  const rows = lines.map((line) => [
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
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function text(value: string | null): string {
  const written = value ?? '';
  return FORMULA.test(written) ? `'${written}` : written;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
