/**
 * The `code` that Node and PostgreSQL put on their errors (`ENOENT`, `23505`), if there is one. Asks for the property
 * and not for the class: an error may come from another realm.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
