export type Language = 'nl' | 'en';

export const LOCALES: Readonly<Record<Language, string>> = { nl: 'nl-NL', en: 'en-IE' };
const MINOR_DIGITS = 2;

/** Minor units, as text, in the page's language: "€ 12,50" or "€12.50". Intl reads the decimal text, so no cent is lost. */
export function money(minor: string, currency: string, language: Language): string {
  const negative = minor.startsWith('-');
  const digits = (negative ? minor.slice(1) : minor).padStart(MINOR_DIGITS + 1, '0');
  const major = `${digits.slice(0, -MINOR_DIGITS)}.${digits.slice(-MINOR_DIGITS)}`;
  const format = new Intl.NumberFormat(LOCALES[language], { style: 'currency', currency });
  return (negative ? '−' : '') + format.format(major as `${number}`);
}
