/* Numbers of prices, between what people type and what the service keeps; as text, so that no digit is lost. */

const DECIMALS = /^(\d{1,7})(?:[.,](\d{1,6}))?$/;
const CENT_DIGITS = 2;

/** `1,4` or `1.4` percent in basis points (`140`); null for what is no percentage. */
export function basisPointsOf(percent: string): string | null {
  const [, whole, part = ''] = DECIMALS.exec(percent.trim()) ?? [];
  if (whole === undefined || whole.length > CENT_DIGITS) return null;
  const digits = part.padEnd(CENT_DIGITS, '0');
  const rest = digits.slice(CENT_DIGITS).replace(/0+$/, '');
  const points = withoutZeros(whole + digits.slice(0, CENT_DIGITS));
  return rest === '' ? points : `${points}.${rest}`;
}

/** `0,25` euros in cents (`25`); null for what is no amount. */
export function centsOf(euros: string): string | null {
  const [, whole, part = ''] = DECIMALS.exec(euros.trim()) ?? [];
  if (whole === undefined || part.length > CENT_DIGITS) return null;
  return withoutZeros(whole + part.padEnd(CENT_DIGITS, '0'));
}

/** Hundredths as people write wholes: `140` is `1,4`, `25` is `0,25`. */
export function wholesOf(hundredths: string, comma: ',' | '.'): string {
  const [whole = '', part = ''] = hundredths.split('.');
  const digits = whole.padStart(CENT_DIGITS + 1, '0');
  const after = (digits.slice(-CENT_DIGITS) + part).replace(/0+$/, '');
  return digits.slice(0, -CENT_DIGITS) + (after === '' ? '' : comma + after);
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
