import { Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { Sessions } from '../../../use-cases/sessions.js';
import { PayerSession } from '../payer-session.js';
import { Optional } from '../rules.js';
import { Myself, type ShownUser } from './myself.js';

export class OpenSessionBody {
  @Optional() @IsString() @Length(20, 64) readonly token?: string;
  @Optional() @IsString() @Length(1, 40) readonly demo_user_id?: string;
  @Optional() @IsString() @Length(10, 60) readonly recovery_code?: string;
}

/** Who is here: a guest from the first visit. */
@Controller('wallet/session')
export class SessionController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(PayerSession) private readonly session: PayerSession,
    @Inject(Myself) private readonly myself: Myself,
  ) {}

  @Post('guest')
  async startGuest(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ user: ShownUser }> {
    const known = await this.session.find(request);
    if (known !== undefined) {
      void reply.status(200);
      return { user: await this.myself.show(known) };
    }
    this.checkOwnPage(request);
    const { userId, token } = await this.sessions.startGuest();
    this.session.open(reply, token);
    void reply.status(201);
    return { user: await this.myself.show(userId) };
  }

  @Get()
  async get(@Req() request: FastifyRequest): Promise<object> {
    return this.myself.answer(await this.session.payerOf(request));
  }

  @Post()
  @HttpCode(200)
  async open(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ValidBody(OpenSessionBody) body: OpenSessionBody,
  ): Promise<object> {
    this.checkOwnPage(request);
    const { userId, token } = await this.openBy(body);
    this.session.open(reply, token);
    return this.myself.answer(userId);
  }

  @Delete()
  @HttpCode(204)
  async close(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = this.session.tokenOf(request);
    if (token !== undefined) await this.sessions.end(token);
    this.session.close(reply);
  }

  private async openBy(body: OpenSessionBody): Promise<{ userId: string; token: string }> {
    const { token, recovery_code: recoveryCode, demo_user_id: demoUserId } = body;
    if (recoveryCode !== undefined) return this.sessions.recover(recoveryCode);
    if (demoUserId !== undefined) {
      return this.sessions.openFor(await this.myself.demoUser(demoUserId));
    }
    if (token === undefined) {
      const rule = 'is required, unless recovery_code is given';
      throw new Refusal('PARAM_ERROR', { field: 'token', rule });
    }
    const userId = await this.sessions.userOf(token);
    if (userId !== undefined) return { userId, token };
    throw new Refusal('NOT_SIGNED_IN', { field: 'token', rule: 'must be of a living session' });
  }

  /** A newcomer has no cookie to abuse, but another site's page must not sign a visitor in. */
  private checkOwnPage(request: FastifyRequest): void {
    if (request.headers.origin !== undefined) this.session.checkOrigin(request);
  }
}
