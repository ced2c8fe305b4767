/** A cell that begins like a formula is run by some spreadsheets. */
const FORMULA = /^[=+\-@\t\r]/;

/** A line as RFC 4180 has it. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** Somebody else's words, which no spreadsheet takes for a formula. */
export function textCell(value: string | null): string {
  const written = value ?? '';
  return FORMULA.test(written) ? `'${written}` : written;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
