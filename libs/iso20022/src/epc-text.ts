/**
 * Letters that do not come apart into a base letter and its accents, and signs that have a word of their own. What is in
 * neither becomes a full stop.
 */
// prettier-ignore
const REPLACEMENTS: Readonly<Record<string, string>> = {
  '&': '+', '@': '(at)', '€': 'EUR', '_': '-', '[': '(', ']': ')', '{': '(', '}': ')', ';': ',', '\\': '/', '⁄': '/',
  '‘': "'", '’': "'", '`': "'", '´': "'", '"': "'", '“': "'", '”': "'", '„': "'", '«': "'", '»': "'",
  '‐': '-', '‑': '-', '–': '-', '—': '-', '−': '-', '·': '.',
  'ß': 'ss', 'ẞ': 'SS', 'æ': 'ae', 'Æ': 'AE', 'œ': 'oe', 'Œ': 'OE', 'ø': 'o', 'Ø': 'O', 'ł': 'l', 'Ł': 'L', 'đ': 'd',
  'Đ': 'D', 'ð': 'd', 'Ð': 'D', 'þ': 'th', 'Þ': 'TH', 'ħ': 'h', 'Ħ': 'H', 'ı': 'i', 'ŋ': 'n', 'Ŋ': 'N', 'ĸ': 'k', 'ŧ': 't', 'Ŧ': 'T',
};
/** Greek and Bulgarian: the other two alphabets of SEPA countries. */
const GREEK =
  'α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch ψ:ps ω:o';
const BULGARIAN =
  'а:a б:b в:v г:g д:d е:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:h ц:ts ч:ch ш:sh щ:sht ъ:a ь:y ю:yu я:ya';

const ALPHABETS = new Map(
  `${GREEK} ${BULGARIAN}`.split(' ').flatMap((pair) => {
    const [letter = '', latin = ''] = pair.split(':');
    const capital = latin.charAt(0).toUpperCase() + latin.slice(1);
    return [[letter, latin] as const, [letter.toUpperCase(), capital] as const];
  }),
);

/**
 * The text in the Latin character set that every bank in SEPA must take: é becomes e, & becomes +, runs of white space
 * become one space. What nobody can write in it becomes a full stop, so the result may carry no meaning: see `epcName`.
 *
 * Source: EPC217-08 (SEPA conversion table); letters with accents lose them.
 */
export function toEpcText(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[Йй]/gu, (letter) => ALPHABETS.get(letter) ?? letter)
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[^ A-Za-z0-9/?:().,'+-]/gu, (sign) => latinOf(sign))
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

function latinOf(sign: string): string {
  return REPLACEMENTS[sign] ?? ALPHABETS.get(sign) ?? '.';
}
