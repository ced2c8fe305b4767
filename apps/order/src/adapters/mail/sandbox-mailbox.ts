import type { MailTransport } from '../../use-cases/mail/mail.js';

/** Sandbox only: a mail that was sent lies in the table, and `/sandbox/mail` shows it. */
export class SandboxMailbox implements MailTransport {
  send(): Promise<void> {
    return Promise.resolve();
  }
}

/** No mail server was named: mails wait, and say why. */
export class NoTransport implements MailTransport {
  send(): Promise<void> {
    return Promise.reject(new Error('no mail server is configured: set MAIL_URL'));
  }
}
