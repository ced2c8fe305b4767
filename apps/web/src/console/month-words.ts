import { computed } from '@preact/signals';
import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import { monthsEn } from './month-words-en.js';
import { monthsNl, type MonthWords } from './month-words-nl.js';

const MONTH_WORDS: Readonly<Record<Language, MonthWords>> = { nl: monthsNl, en: monthsEn };
/** What the pages say about months, and how they call the accounts of the books. */
export const mw = computed(() => MONTH_WORDS[language.value]);

/** An account of the books as people call it; undefined for one that has only its code. */
export function accountName(account: string): string | undefined {
  const names: Readonly<Record<string, string>> = mw.value;
  return account.includes(':') ? names[account] : undefined;
}

/** `2026-10` as people write it. */
export function monthText(month: string): string {
  const locale = language.value === 'nl' ? 'nl-NL' : 'en-IE';
  const format = new Intl.DateTimeFormat(locale, {
    ...{ month: 'long', year: 'numeric', timeZone: 'UTC' },
  });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}
