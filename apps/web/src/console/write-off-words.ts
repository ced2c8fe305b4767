import { computed } from '@preact/signals';
import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import { writeOffsEn } from './write-off-words-en.js';
import { writeOffsNl, type WriteOffWords } from './write-off-words-nl.js';

const WRITE_OFF_WORDS: Readonly<Record<Language, WriteOffWords>> = {
  ...{ nl: writeOffsNl, en: writeOffsEn },
};
/** What the pages say about lines of the bank that are nobody's. */
export const fw = computed(() => WRITE_OFF_WORDS[language.value]);
