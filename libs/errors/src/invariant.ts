/** A programmer error. Nobody catches it to go on: the transaction rolls back and someone is woken. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/** States what must hold here. @throws InvariantBroken when it does not. */
export function invariant(condition: boolean, statement: string): asserts condition {
  if (!condition) throw new InvariantBroken(statement);
}
