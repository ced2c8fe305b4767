import type { Language } from '@stuiver/host';
import { WORDS } from '../words.js';

const LOCALES: Readonly<Record<Language, string>> = { nl: 'nl-NL', en: 'en-IE' };
const DAY_MS = 86_400_000;

/** Near dates as people say them ("vandaag 14:05"), others in full. */
export function nearDate(at: Date, now: Date, language: Language): string {
  const locale = LOCALES[language];
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at);
  const w = WORDS[language];
  if (isSameDay(at, now)) return w.today.replace('{time}', time);
  if (isSameDay(at, new Date(now.getTime() - DAY_MS))) return w.yesterday.replace('{time}', time);
  return exactDate(at, language);
}

export function exactDate(at: Date, language: Language): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(LOCALES[language], style).format(at);
}

function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}
