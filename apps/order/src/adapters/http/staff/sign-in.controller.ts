import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '@stuiver/ports';
import { plainEmail, type Staff } from '../../../domain/staff.js';
import { RelyingParty, SignInFailed } from '../../oidc/relying-party.js';
import { PostgresStaff } from '../../postgres/staff.js';
import { PAGE_HEADERS } from './html.js';
import { StaffDoor } from './staff-door.js';
import { STAFF_LOG } from './staff-log.js';
import { messagePage } from './staff-pages.js';
import { type Lang, langOf, textOf } from './staff-texts.js';

/** A path of ours, never another site. */
const OWN_PATH = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}$/;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;
const STATUS = { over: 400, refused: 403, provider: 502 } as const;

/** Leaves for the OpenID provider and comes back signed in. */
@Controller('staff')
export class SignInController {
  constructor(
    @Inject(RelyingParty) private readonly relyingParty: RelyingParty,
    @Inject(PostgresStaff) private readonly staff: PostgresStaff,
    @Inject(StaffDoor) private readonly door: StaffDoor,
    @Inject(STAFF_LOG) private readonly log: Log,
  ) {}

  @Get('sign-in')
  async signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const elsewhere = this.addressOfOurs(request);
    if (elsewhere !== null) return void reply.redirect(elsewhere, 302);
    const { return_to: wanted } = request.query as { return_to?: unknown };
    const returnTo = typeof wanted === 'string' && OWN_PATH.test(wanted) ? wanted : '/';
    try {
      const { url, transaction } = await this.relyingParty.start(returnTo);
      this.door.keepTransaction(reply, transaction);
      void reply.header('cache-control', 'no-store').redirect(url.href, 303);
    } catch (error) {
      this.fail(error, langOf(request.headers['accept-language']), reply);
    }
  }

  @Get('callback')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const lang = langOf(request.headers['accept-language']);
    try {
      const transaction = this.door.takeTransaction(request, reply);
      if (transaction === undefined) throw new SignInFailed('over');
      const url = request.raw.url ?? '';
      const { email, returnTo } = await this.relyingParty.finish(
        transaction,
        url.slice(url.indexOf('?')),
      );
      const staff = email === null ? undefined : await this.staff.byEmail(plainEmail(email));
      if (staff?.disabledAt !== null) {
        const reason = refusalOf(email, staff);
        await this.door.refuse({ staffId: staff?.id ?? null, reason });
        this.refuseStranger(email, lang, reply);
        return;
      }
      await this.door.open(reply, staff);
      void reply.header('cache-control', 'no-store').redirect(returnTo, 303);
    } catch (error) {
      this.fail(error, lang, reply);
    }
  }

  private refuseStranger(email: string | null, lang: Lang, reply: FastifyReply): void {
    const text =
      email === null ? textOf(lang, 'unverifiedText') : textOf(lang, 'unknownText', { email });
    void reply
      .status(403)
      .headers(PAGE_HEADERS)
      .send(messagePage(lang, 'unknown', text));
  }

  private fail(error: unknown, lang: Lang, reply: FastifyReply): void {
    if (!(error instanceof SignInFailed)) throw error;
    const { reason } = error;
    if (reason === 'provider') this.log.error('the OpenID provider does not answer', {}, error);
    else this.log.info('a sign-in of staff came to nothing', { reason });
    void reply.status(STATUS[reason]).headers(PAGE_HEADERS).send(messagePage(lang, reason));
  }

  /** In sandbox the pages answer under every loopback name, but cookies and the provider know one of them. */
  private addressOfOurs(request: FastifyRequest): string | null {
    const { publicUrl, sandbox } = this.door.sessions;
    const { host = '' } = request.headers;
    const isOther = host !== new URL(publicUrl).host;
    const isLoopback = sandbox && isOther && LOOPBACK_HOST.test(host);
    return isLoopback ? `${publicUrl}${request.raw.url ?? ''}` : null;
  }
}

function refusalOf(email: string | null, staff: Staff | undefined): string {
  if (email === null) return 'address-not-verified';
  return staff === undefined ? 'nobody-of-the-staff' : 'disabled';
}
