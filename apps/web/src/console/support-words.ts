import { computed } from '@preact/signals';
import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import { supportEn } from './support-words-en.js';
import { supportNl, type SupportWords } from './support-words-nl.js';

const SUPPORT_WORDS: Readonly<Record<Language, SupportWords>> = { nl: supportNl, en: supportEn };
/** What the page for whoever helps says. */
export const sw = computed(() => SUPPORT_WORDS[language.value]);
