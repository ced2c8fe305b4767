import type { Language } from '@stuiver/host';
import { computed } from '@preact/signals';
import { language } from '../state.js';
import { pricesEn } from './price-words-en.js';
import { pricesNl, type PriceWords } from './price-words-nl.js';

const PRICE_WORDS: Readonly<Record<Language, PriceWords>> = { nl: pricesNl, en: pricesEn };
/** What the pages about prices say. */
export const pw = computed(() => PRICE_WORDS[language.value]);
