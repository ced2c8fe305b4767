import type { NotificationWords } from './notification-words-nl.js';

export const notificationsEn: NotificationWords = {
  notifications: 'Notifications',
  intro: 'What we told your server. When it does not answer, we try again over a day.',
  none: 'After the first payment, what your server was told is here.',
  search: 'Number of an order or a refund',
  tries: 'Tries',
  silent: 'no answer',
  next: 'again {at}',
  again: 'Again',
  send: 'Send again',
  sent: 'On its way',
};
