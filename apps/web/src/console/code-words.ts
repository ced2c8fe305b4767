import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import type { CodeWords } from './code-families.js';
import { codesEn } from './code-words-en.js';
import { codesNl } from './code-words-nl.js';

export const CODE_WORDS: Readonly<Record<Language, CodeWords>> = { nl: codesNl, en: codesEn };

/** The word for a code in the reader's language; a code that this page does not know yet stays a code. */
export function codeWord(family: keyof CodeWords, code: string): string {
  const words: Readonly<Record<string, string>> = CODE_WORDS[language.value][family];
  return words[code] ?? code;
}

/** The same, but undefined for what has no word. */
export function knownWord(family: keyof CodeWords, code: string): string | undefined {
  const words: Readonly<Record<string, string>> = CODE_WORDS[language.value][family];
  return words[code];
}
