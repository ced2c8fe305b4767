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
/** Greek and Cyrillic letters as EPC217-08 writes them in Latin; letters it does not list, as they are read. */
const OTHER_ALPHABETS =
  'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o ' +
  'а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh ' +
  'щ sht ъ a ы y ь y э e ю yu я ya є ye і i ґ g ђ dj ј j љ lj њ nj ћ c џ dz ѓ gj ќ kj ѕ dz';
const LATIN = new Map([...Object.entries(SPELT_OUT), ...bothCases(OTHER_ALPHABETS.split(' '))]);
const ACCENTS = /\p{M}/gu;
const NAME_CHARACTERS_MAX = 70;

/**
 * Writes text with the characters that every SEPA bank takes: é becomes e, & becomes +, Greek and Cyrillic are written
 * in Latin, what has no counterpart becomes a full stop. No "//", and no slash at either end: a bank may read these as
 * codes.
 *
 * @param lengthMax  characters; what is longer is cut.
 */
export function toEpcText(text: string, lengthMax: number): string {
  // Before the accents go (й is a letter of its own), and after (ά is α).
  const bare = inLatin(text.normalize('NFC')).normalize('NFD').replaceAll(ACCENTS, '');
  return inLatin(bare)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(ALLOWED, '.')
    .replaceAll(/\/{2,}/g, '/')
    .trim()
    .slice(0, lengthMax)
    .replaceAll(/^[/ ]+|[/ ]+$/g, '');
}

/** The name as a bank takes it, at most 70 characters. */
export function toEpcName(name: string): string {
  return toEpcText(name, NAME_CHARACTERS_MAX);
}

/** Whether a name can be written for a bank: something a person can read is left of it. */
export function isEpcName(name: string): boolean {
  return /[A-Za-z0-9]/.test(toEpcName(name));
}

function inLatin(text: string): string {
  return Array.from(text, (character) => LATIN.get(character) ?? character).join('');
}

/** `θ th` also says `Θ Th`. */
function bothCases(pairs: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [letter = '', latin = ''] = pairs.slice(at, at + 2);
    found.push([letter, latin], [letter.toUpperCase(), capitalised(latin)]);
  }
  return found;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
