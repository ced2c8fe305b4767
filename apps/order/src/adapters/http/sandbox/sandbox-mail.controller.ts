import { Controller, Get, Inject, Param, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { validText } from '@stuiver/http';
import { PostgresMails, type ShownMail } from '../../postgres/mails.js';
import { html, page, PAGE_HEADERS } from '../staff/html.js';
import { langOf } from '../staff/staff-texts.js';
import { SandboxGuard } from './sandbox.guard.js';

const MAILS_SHOWN_MAX = 100;

/** The mailbox of everybody who is written to in the sandbox, for people and, by `Accept`, for programs. */
@Controller('sandbox/mail')
@UseGuards(SandboxGuard)
export class SandboxMailController {
  constructor(@Inject(PostgresMails) private readonly mails: PostgresMails) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const mails = await this.mails.sent(MAILS_SHOWN_MAX);
    if (wantsJson(request)) return void reply.send({ items: mails });
    const items = mails.map(
      (mail) =>
        html`<li>
          <a href="/sandbox/mail/${mail.id}">${mail.subject}</a><br />
          ${mail.to} ·
          <time datetime="${mail.sentAt.toISOString()}">${mail.sentAt.toISOString()}</time>
        </li>`,
    );
    const dutch = langOf(request.headers['accept-language']) === 'nl';
    const empty = dutch ? 'Er is nog geen post.' : 'There is no mail yet.';
    void reply.headers(PAGE_HEADERS).send(
      page({
        lang: dutch ? 'nl' : 'en',
        title: dutch ? 'Postvak van de sandbox' : 'Mailbox of the sandbox',
        body:
          items.length === 0
            ? html`<p>${empty}</p>`
            : html`<ul>
                ${items}
              </ul>`,
        isWide: true,
      }),
    );
  }

  @Get(':id')
  async one(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const mail = await this.find(id);
    if (wantsJson(request)) return void reply.send(mail);
    const dutch = langOf(request.headers['accept-language']) === 'nl';
    const body = html`<p>
        ${dutch ? 'Aan' : 'To'}: ${mail.to}<br />
        <time datetime="${mail.sentAt.toISOString()}">${mail.sentAt.toISOString()}</time>
      </p>
      <pre>${linked(mail.text)}</pre>
      <p><a href="/sandbox/mail">${dutch ? 'Alle post' : 'All mail'}</a></p>`;
    const lang = dutch ? 'nl' : 'en';
    void reply.headers(PAGE_HEADERS).send(page({ lang, title: mail.subject, body, isWide: true }));
  }

  private async find(id: string): Promise<ShownMail> {
    const mailId = validText(id, {
      field: 'id',
      pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      says: 'must be a mail id',
      location: 'path',
    });
    const mail = await this.mails.sentOne(mailId);
    if (mail === undefined) throw new Refusal('NOT_FOUND', { mail: mailId });
    return mail;
  }
}

function wantsJson(request: FastifyRequest): boolean {
  return /\bapplication\/json\b/.test(request.headers.accept ?? '');
}

/** Addresses in the text can be followed, as in any mail program. */
function linked(text: string) {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}
