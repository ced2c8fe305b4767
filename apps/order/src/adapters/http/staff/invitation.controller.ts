import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { requireOwnPage } from '@stuiver/staff';
import type { Staff } from '../../../domain/staff.js';
import { AcceptInvitation } from '../../../use-cases/staff/accept-invitation.js';
import { formOf } from './form-body.js';
import { PAGE_HEADERS } from './html.js';
import { StaffDoor } from './staff-door.js';
import { invitationPage, messagePage } from './staff-pages.js';
import { langOf, textOf } from './staff-texts.js';

const TOKEN = /^[\w-]{43}$/;

/** Where an invitation leads: choose a password, then sign in. */
@Controller('staff/invitation')
export class InvitationController {
  constructor(
    @Inject(AcceptInvitation) private readonly acceptInvitation: AcceptInvitation,
    @Inject(StaffDoor) private readonly door: StaffDoor,
  ) {}

  @Get()
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { token } = request.query as { token?: unknown };
    await this.show(request, reply, typeof token === 'string' ? token : '');
  }

  @Post()
  @HttpCode(200)
  async post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    requireOwnPage(request, this.door.sessions);
    const { token, password } = formOf(request, ['token', 'password']);
    try {
      await this.acceptInvitation.run({ token, password });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const isPassword = error.code === 'PARAM_ERROR';
      return this.show(request, reply, token, isPassword);
    }
    void reply.redirect('/staff/sign-in', 303);
  }

  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
    isPasswordBad = false,
  ): Promise<void> {
    const lang = langOf(request.headers['accept-language']);
    const person = await this.find(token);
    if (person === undefined) {
      return void reply.status(404).headers(PAGE_HEADERS).send(messagePage(lang, 'linkUsed'));
    }
    const { name, email } = person;
    const problem = isPasswordBad ? textOf(lang, 'passwordBad') : null;
    const content = invitationPage(lang, { token, name, email, problem });
    void reply
      .status(isPasswordBad ? 400 : 200)
      .headers(PAGE_HEADERS)
      .send(content);
  }

  private async find(token: string): Promise<Staff | undefined> {
    if (!TOKEN.test(token)) return undefined;
    try {
      return await this.acceptInvitation.find(token);
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }
}
