import { type FeeInvoice, invoiceNumber } from '../../../domain/fee-invoice.js';

const COLUMNS = [
  'invoice',
  'month',
  'merchant',
  'method',
  'vat_reason',
  'vat_percent',
  'payments',
  'turnover_eur',
  'net_eur',
  'vat_eur',
  'total_eur',
];

/** An invoice as a spreadsheet reads it: one row per line, in euros; nothing in it was typed by people. */
export function invoiceCsv(invoice: FeeInvoice): string {
  const rows = invoice.lines.map(({ method, vat, count, paid, net, tax }) => [
    ...[invoiceNumber(invoice), invoice.month, invoice.mchid, method, vat.reason, vat.percent],
    ...[count.toString(), paid.toMajorText(), net.toMajorText(), tax.toMajorText()],
    net.plus(tax).toMajorText(),
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
