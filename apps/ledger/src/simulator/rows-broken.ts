/** The database's rules about rows, broken by what it was given. */
export class RowsBroken extends Error {
  override readonly name = 'RowsBroken';
}

export function need(condition: boolean, rule: string): void {
  if (!condition) throw new RowsBroken(rule);
}
