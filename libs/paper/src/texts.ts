import type { Money } from '@stuiver/money';

export type PaperLanguage = 'nl' | 'en';

export const LOCALES = { nl: 'nl-NL', en: 'en-IE' } as const;

/** Major units, as the language writes decimals; the currency stands elsewhere. */
export function amountText(money: Money, language: PaperLanguage): string {
  const text = money.toMajorText();
  return language === 'nl' ? text.replace('.', ',') : text;
}

/** The day in Amsterdam. */
export function dayText(at: Date, language: PaperLanguage): string {
  const style = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    ...{ ...style, timeZone: 'Europe/Amsterdam' },
  });
  return format.format(at);
}

/** @param month  `2026-10`. */
export function monthText(month: string, language: PaperLanguage): string {
  const style = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const format = new Intl.DateTimeFormat(LOCALES[language], style);
  return format.format(new Date(`${month}-01T00:00:00Z`));
}
