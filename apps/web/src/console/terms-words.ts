import { computed } from '@preact/signals';
import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import { termsEn } from './terms-words-en.js';
import { termsNl, type TermsWords } from './terms-words-nl.js';

const TERMS_WORDS: Readonly<Record<Language, TermsWords>> = { nl: termsNl, en: termsEn };
/** What the pages say about when a merchant is settled. */
export const tw = computed(() => TERMS_WORDS[language.value]);
