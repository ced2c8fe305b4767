export const notificationsNl = {
  notifications: 'Berichten',
  intro: 'Wat wij je server vertelden. Antwoordt hij niet, dan proberen we het een dag lang vaker.',
  none: 'Na de eerste betaling staat hier wat je server te horen kreeg.',
  search: 'Nummer van een bestelling of terugbetaling',
  tries: 'Pogingen',
  silent: 'geen antwoord',
  next: 'weer {at}',
  again: 'Opnieuw',
  send: 'Stuur opnieuw',
  sent: 'Gaat eruit',
};

export type NotificationWords = Readonly<typeof notificationsNl>;
