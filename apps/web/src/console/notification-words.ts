import { computed } from '@preact/signals';
import type { Language } from '@stuiver/host';
import { language } from '../state.js';
import { notificationsEn } from './notification-words-en.js';
import { notificationsNl, type NotificationWords } from './notification-words-nl.js';

const NOTIFICATION_WORDS: Readonly<Record<Language, NotificationWords>> = {
  ...{ nl: notificationsNl, en: notificationsEn },
};
/** What the page says about what a merchant's server was told. */
export const nw = computed(() => NOTIFICATION_WORDS[language.value]);
