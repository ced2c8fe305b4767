/** A name as people write it: no space or invisible sign around it, no control or format sign in it. */
export const PLAIN_NAME = /^(?!\s)[^\p{C}]{1,70}(?<!\s)$/u;

/** Whether two names are one person, however they are written. */
export function isSamePerson(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function folded(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
