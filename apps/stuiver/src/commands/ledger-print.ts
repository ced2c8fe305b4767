import { Money } from '@stuiver/money';

/** Parameters of a question, without those that were not given. */
export function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) given.append(name, value);
  }
  const text = given.toString();
  return text === '' ? '' : `?${text}`;
}

/** Minor units as people read them. */
export function major(minor: string): string {
  return Money.ofMinor(BigInt(minor), 'EUR').toMajorText();
}
