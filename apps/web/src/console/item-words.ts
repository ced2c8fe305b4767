import { computed } from '@preact/signals';
import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import { itemEn } from './item-words-en.js';
import { itemNl, type ItemWords } from './item-words-nl.js';

const ITEM_WORDS: Readonly<Record<Language, ItemWords>> = { nl: itemNl, en: itemEn };
/** What the pages of open items say besides. */
export const iw = computed(() => ITEM_WORDS[language.value]);
