/** Minor units as our own JSON and events carry them: a decimal integer without sign, leading zero or separator. */
export type MinorText = string;

/** At most 18 digits, so every amount and every sum of nine of them fits PostgreSQL's bigint. */
export const MINOR_TEXT = /^(0|[1-9]\d{0,17})$/;

/** @throws RangeError when the text is not a whole, unsigned number of minor units. */
export function minorOf(text: MinorText): bigint {
  if (!MINOR_TEXT.test(text))
    throw new RangeError(`"${text}" is not a whole number of minor units`);
  return BigInt(text);
}
