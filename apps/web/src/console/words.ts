import type { Language } from '@stuiver/host';
import { computed } from '@preact/signals';
import { language } from '../state.js';
import { en } from './words-en.js';
import { nl, type Words } from './words-nl.js';

const CONSOLE_WORDS: Readonly<Record<Language, Words>> = { nl, en };
export const cw = computed(() => CONSOLE_WORDS[language.value]);
