/** How long an IBAN is, by country: the registry of ISO 13616. */
// prettier-ignore
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22,
  DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HN: 28,
  HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, LY: 25,
  MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27, MT: 31, MU: 30, NI: 28, NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29,
  RO: 24, RS: 22, RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29,
  VA: 22, VG: 24, XK: 20, YE: 30,
};

const IBAN_START = /[A-Za-z]{2}[ -]?\d[ -]?\d/g;
const CARD_DIGITS_MIN = 13;
const CARD_DIGITS_MAX = 19;

export function maskIbans(text: string): string {
  let masked = '';
  let done = 0;
  for (const { index } of text.matchAll(IBAN_START)) {
    const end = index < done ? undefined : endOfIban(text, index);
    if (end === undefined) continue;
    masked += `${text.slice(done, index)}[masked: iban]`;
    done = end;
  }
  return masked + text.slice(done);
}

/** Where the IBAN that begins here ends, spaces and dashes within it counted; undefined when none begins here. */
function endOfIban(text: string, start: number): number | undefined {
  const length = LENGTHS[text.slice(start, start + 2).toUpperCase()];
  if (length === undefined) return undefined;
  let plain = '';
  for (let at = start; at < text.length && plain.length < length; at += 1) {
    const character = text.charAt(at);
    if (/[A-Za-z0-9]/.test(character)) plain += character.toUpperCase();
    else if (character !== ' ' && character !== '-') return undefined;
    if (plain.length === length) return hasIbanCheckDigits(plain) ? at + 1 : undefined;
  }
  return undefined;
}

/** The first four characters go last, letters count from ten, and 97 leaves one. */
function hasIbanCheckDigits(plain: string): boolean {
  const turned = plain.slice(4) + plain.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}

/** ISO 7812: what every card number passes, and one in ten other numbers of its length. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < CARD_DIGITS_MIN || digits.length > CARD_DIGITS_MAX) return false;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, character, place) => {
      const digit = Number(character);
      return total + (place % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0));
    }, 0);
  return sum % 10 === 0;
}
