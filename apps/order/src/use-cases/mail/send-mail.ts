import type { Clock, Log } from '@stuiver/ports';
import type { DueMail, MailBook, MailTransport } from './mail.js';

const MINUTE_MS = 60_000;
/** After the first try; together some two days. */
const LADDER_MINUTES = [1, 5, 15, 60, 240, 720, 1_440] as const;
const MAILS_AT_ONCE_MAX = 20;
/** Longer than one try takes. */
const LEASE_MS = 120_000;
const PROBLEM_CHARACTERS_MAX = 200;
const RETENTION_MS = 30 * 86_400_000;

/** Sends what is due, and forgets what was sent long ago. */
export class SendMail {
  constructor(
    private readonly book: MailBook,
    private readonly transport: MailTransport,
    private readonly tools: { clock: Clock; log: Log },
  ) {}

  /** @returns how many were tried. */
  async run(): Promise<number> {
    const now = this.tools.clock.now();
    const leaseUntil = new Date(now.getTime() + LEASE_MS);
    const due = await this.book.take({ now, limit: MAILS_AT_ONCE_MAX, leaseUntil });
    for (const mail of due) await this.trySending(mail);
    return due.length;
  }

  async forgetOld(): Promise<void> {
    await this.book.forgetTexts(new Date(this.tools.clock.now().getTime() - RETENTION_MS));
  }

  /** A process that dies between sending and noting it sends the mail again, under the same id. */
  private async trySending(due: DueMail): Promise<void> {
    let to = '';
    try {
      const mail = await due.read();
      to = mail.to;
      await this.transport.send({ ...mail, id: due.id });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      // Mail servers repeat the address in their answers; it must not stay here unsealed.
      await this.noteFailure(due, to === '' ? text : text.replaceAll(to, '…'));
      return;
    }
    await this.book.saveSent(due.id, this.tools.clock.now());
  }

  private async noteFailure(due: DueMail, text: string): Promise<void> {
    const at = this.tools.clock.now();
    const minutes = LADDER_MINUTES[due.tries];
    const next = minutes === undefined ? null : new Date(at.getTime() + minutes * MINUTE_MS);
    const fields = { mail_id: due.id, tries: due.tries + 1, given_up: next === null };
    this.tools.log.warn('a mail was not taken', fields);
    const problem = text.slice(0, PROBLEM_CHARACTERS_MAX);
    await this.book.saveFailed(due.id, { at, next, problem });
  }
}
