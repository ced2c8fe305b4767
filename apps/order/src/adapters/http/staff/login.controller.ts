import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import type { Log } from '@stuiver/ports';
import { requireOwnPage } from '@stuiver/staff';
import { CheckPassword } from '../../../use-cases/staff/check-password.js';
import type { EmbeddedProvider } from '../../oidc/embedded-provider.js';
import { formOf } from './form-body.js';
import { PAGE_HEADERS } from './html.js';
import { StaffDoor } from './staff-door.js';
import { STAFF_LOG } from './staff-log.js';
import { loginPage, messagePage } from './staff-pages.js';
import { langOf, textOf } from './staff-texts.js';

/** The built-in provider, or null when staff sign in elsewhere. */
export const EMBEDDED_PROVIDER = Symbol('EMBEDDED_PROVIDER');

/** The login page of the built-in OpenID provider. */
@Controller('staff/login')
export class LoginPageController {
  constructor(
    @Inject(EMBEDDED_PROVIDER) private readonly provider: EmbeddedProvider | null,
    @Inject(CheckPassword) private readonly checkPassword: CheckPassword,
    @Inject(StaffDoor) private readonly door: StaffDoor,
    @Inject(STAFF_LOG) private readonly log: Log,
  ) {}

  @Get(':uid')
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!(await this.isOngoing(request, reply))) return;
    const lang = langOf(request.headers['accept-language']);
    const content = loginPage(lang, { email: '', problem: null });
    void reply.headers(PAGE_HEADERS).send(content);
  }

  @Post(':uid')
  @HttpCode(200)
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    requireOwnPage(request, this.door.sessions);
    const { email, password } = formOf(request, ['email', 'password']);
    if (!(await this.isOngoing(request, reply))) return;
    const checked = await this.checkPassword.run({ email, password, address: request.ip });
    if (checked.kind === 'right') {
      const next = await this.required.finishLogin(request.raw, reply.raw, checked.staffId);
      return void reply.header('cache-control', 'no-store').redirect(next, 303);
    }
    this.log.warn('a sign-in of staff was refused', { kind: checked.kind });
    const lang = langOf(request.headers['accept-language']);
    if (checked.kind === 'wrong') {
      await this.door.refuse({ staffId: checked.staffId, reason: 'wrong-password' });
      const content = loginPage(lang, { email, problem: textOf(lang, 'wrong') });
      return void reply.status(403).headers(PAGE_HEADERS).send(content);
    }
    const minutes = String(Math.ceil(checked.seconds / 60));
    const content = loginPage(lang, { email, problem: textOf(lang, 'wait', { minutes }) });
    void reply.status(429).header('retry-after', String(checked.seconds));
    void reply.headers(PAGE_HEADERS).send(content);
  }

  private get required(): EmbeddedProvider {
    if (this.provider === null) throw new Refusal('NOT_FOUND');
    return this.provider;
  }

  /** Says so when the sign-in is over, or began in another browser. */
  private async isOngoing(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const provider = this.required;
    const { uid } = request.params as { uid: string };
    const login = await provider.loginOf(request.raw, reply.raw).catch(() => undefined);
    if (login?.uid === uid) return true;
    const lang = langOf(request.headers['accept-language']);
    void reply.status(400).headers(PAGE_HEADERS).send(messagePage(lang, 'over'));
    return false;
  }
}
