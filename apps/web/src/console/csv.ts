import { saveFile } from '../parts/save-file.js';

/** A cell that begins like a formula is run by some spreadsheets; our own signed amounts are none. */
const FORMULA = /^[=+\-@\t\r]/;
const AMOUNT = /^-?\d+\.\d\d$/;

/** Decimal text with a point, whatever the page's language: what a spreadsheet and a program both read. */
export function decimalOf(minor: string): string {
  const digits = minor.replace('-', '').padStart(3, '0');
  const sign = minor.startsWith('-') ? '-' : '';
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** UTF-8 with a mark, so that spreadsheets read accents; lines end as RFC 4180 has it. */
export function csvOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows].map((row) => row.map(cellOf).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function cellOf(value: string): string {
  const safe = FORMULA.test(value) && !AMOUNT.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Gives the person a file. */
export function download(name: string, text: string): void {
  saveFile(name, text, 'text/csv;charset=utf-8');
}
