/** The first thing that is not as it must be. */
export interface Finding {
  readonly table: string;
  /** Which row: its primary key, by name where it is not one number. */
  readonly key: string;
  readonly column: string;
  readonly expected: string;
  readonly found: string;
}

/** Ends an audit: what comes after a bad row cannot be judged. */
export class BadRow extends Error {
  override readonly name = 'BadRow';

  constructor(readonly finding: Finding) {
    super(`${finding.table} ${finding.key}: ${finding.column}`);
  }
}

export const NOTHING = 'no such row';

/** @throws BadRow when `found` is not `expected`. */
export function need(
  row: Pick<Finding, 'table' | 'key'>,
  column: string,
  { expected, found }: { expected: string | null; found: string | null },
): void {
  if (expected === found) return;
  throw new BadRow({ ...row, column, expected: expected ?? 'null', found: found ?? 'null' });
}
