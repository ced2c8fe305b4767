import { createTransport, type Transporter } from 'nodemailer';
import type { Mail, MailTransport } from '../../use-cases/mail/mail.js';

const MS_MAX = 20_000;

/** Hands mails to an SMTP server, such as `smtp://user:password@mail.example:587`. */
export class SmtpTransport implements MailTransport {
  private readonly transporter: Transporter;
  private readonly domain: string;

  constructor(
    url: string,
    /** Who the mails are from, such as `Stuiver <noreply@pay.example>`. */
    private readonly from: string,
  ) {
    this.domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
    this.transporter = createTransport({
      url,
      connectionTimeout: MS_MAX,
      greetingTimeout: MS_MAX,
      socketTimeout: MS_MAX,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(message: Mail & { readonly id: string }): Promise<void> {
    await this.transporter.sendMail({
      from: this.from,
      to: { name: '', address: message.to },
      subject: message.subject,
      text: message.text,
      messageId: `<${message.id}@${this.domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  }
}
