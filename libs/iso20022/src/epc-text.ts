/** The characters every SEPA bank takes (EPC217-08): Latin letters, digits and these. */
const ALLOWED = /[^A-Za-z0-9/\-?:().,'+ ]/g;
/** What has no accent to drop, or means something. */
const SPELT_OUT: Readonly<Record<string, string>> = {
  '&': '+',
  '€': 'EUR',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  ĳ: 'ij',
  Ĳ: 'IJ',
  þ: 'th',
  Þ: 'TH',
  _: '-',
  ';': ',',
  '@': '(at)',
};
const ACCENTS = /\p{M}/gu;

/**
 * Writes text with the characters that every SEPA bank takes: é becomes e, & becomes +, what has no counterpart becomes
 * a full stop. No "//", and no slash at either end: a bank may read these as codes.
 *
 * @param lengthMax  characters; what is longer is cut.
 */
export function toEpcText(text: string, lengthMax: number): string {
  const spelt = Array.from(text, (character) => SPELT_OUT[character] ?? character).join('');
  return spelt
    .normalize('NFD')
    .replaceAll(ACCENTS, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(ALLOWED, '.')
    .replaceAll(/\/{2,}/g, '/')
    .trim()
    .slice(0, lengthMax)
    .replaceAll(/^[/ ]+|[/ ]+$/g, '');
}
