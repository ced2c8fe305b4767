import { computed } from '@preact/signals';
import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import { riskEn } from './risk-words-en.js';
import { riskNl, type RiskWords } from './risk-words-nl.js';

const RISK_WORDS: Readonly<Record<Language, RiskWords>> = { nl: riskNl, en: riskEn };
/** What the page of held payments says. */
export const rw = computed(() => RISK_WORDS[language.value]);
