import type { Staff } from '../../domain/staff.js';
import type { Mail } from '../mail/mail.js';

/** In Dutch and in English: whoever invites does not know what they read best. */
export function invitationMail(
  staff: Pick<Staff, 'email' | 'name'>,
  link: { url: string; isPassword: boolean },
): Mail {
  const dutch = link.isPassword
    ? 'Kies een wachtwoord met deze link. Hij werkt één keer, en zeven dagen lang:'
    : 'Log in met het account van je organisatie:';
  const english = link.isPassword
    ? 'Choose a password with this link. It works once, and for seven days:'
    : "Sign in with your organisation's account:";
  const text = [
    `Dag ${staff.name},`,
    '',
    'Je hebt toegang gekregen tot Stuiver.',
    dutch,
    '',
    link.url,
    '',
    'Verwachtte je dit niet? Dan hoef je niets te doen.',
    '',
    '--',
    '',
    `Hello ${staff.name},`,
    '',
    'You have been given access to Stuiver.',
    english,
    '',
    link.url,
    '',
    'You did not expect this? Then there is nothing to do.',
    '',
  ].join('\n');
  return { to: staff.email, subject: 'Stuiver: toegang / access', text };
}
