import { Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { PAGE_OPTIONS, type PageOptions } from '../../../page-options.js';
import { DemoPayers } from '../../../use-cases/demo-payers.js';
import { FindPerson } from '../../../use-cases/find-person.js';
import { KeepAccount } from '../../../use-cases/keep-account.js';
import { Sessions } from '../../../use-cases/sessions.js';
import { PayerSession } from '../payer-session.js';
import { Optional } from '../rules.js';

export class OpenSessionBody {
  @Optional() @IsString() @Length(20, 64) readonly token?: string;
  @Optional() @IsString() @Length(1, 40) readonly demo_user_id?: string;
  @Optional() @IsString() @Length(10, 60) readonly recovery_code?: string;
}

export class KeepAccountBody {
  @IsString() @Length(1, 70) readonly name!: string;
  @IsString() @Matches(/^\d{6}$/, { message: '$property must be six digits' }) readonly pin!: string;
}

interface ShownUser {
  readonly user_id: string;
  readonly name: string | null;
  readonly guest: boolean;
  readonly has_pin: boolean;
}

/** Who is here: a guest from the first visit, an account that can be found again when they keep it. */
@Controller('wallet')
export class SessionController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(PayerSession) private readonly session: PayerSession,
    @Inject(FindPerson) private readonly findPerson: FindPerson,
    @Inject(KeepAccount) private readonly keepAccount: KeepAccount,
    @Inject(DemoPayers) private readonly demoPayers: DemoPayers,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Post('session/guest')
  async startGuest(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ user: ShownUser }> {
    const known = await this.session.find(request);
    if (known !== undefined) {
      void reply.status(200);
      return { user: await this.show(known) };
    }
    // A newcomer has no cookie to abuse, but another site's page must not sign a visitor in.
    if (request.headers.origin !== undefined) this.session.checkOrigin(request);
    const { userId, token } = await this.sessions.startGuest();
    this.session.open(reply, token);
    void reply.status(201);
    return { user: await this.show(userId) };
  }

  @Get('session')
  async get(@Req() request: FastifyRequest): Promise<object> {
    return this.answer(await this.session.payerOf(request));
  }

  @Post('session')
  @HttpCode(200)
  async open(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ValidBody(OpenSessionBody) body: OpenSessionBody,
  ): Promise<object> {
    if (request.headers.origin !== undefined) this.session.checkOrigin(request);
    const { userId, token } = await this.openBy(body);
    this.session.open(reply, token);
    return this.answer(userId);
  }

  @Delete('session')
  @HttpCode(204)
  async close(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = this.session.tokenOf(request);
    if (token !== undefined) await this.sessions.end(token);
    this.session.close(reply);
  }

  @Post('keep')
  @HttpCode(200)
  async keep(
    @Req() request: FastifyRequest,
    @ValidBody(KeepAccountBody) body: KeepAccountBody,
  ): Promise<{ user: ShownUser; recovery_code: string }> {
    const userId = await this.session.payerOf(request);
    const { recoveryCode } = await this.keepAccount.run({ userId, ...body });
    return { user: await this.show(userId), recovery_code: recoveryCode };
  }

  private async openBy(body: OpenSessionBody): Promise<{ userId: string; token: string }> {
    const { token, recovery_code: recoveryCode, demo_user_id: demoUserId } = body;
    if (recoveryCode !== undefined) return this.sessions.recover(recoveryCode);
    if (demoUserId !== undefined && this.options.sandbox) {
      return this.sessions.openFor((await this.demoPayers.byUserId(demoUserId)).userId);
    }
    if (token === undefined) {
      const rule = 'is required, unless recovery_code is given';
      throw new Refusal('PARAM_ERROR', { field: 'token', rule });
    }
    const userId = await this.sessions.userOf(token);
    if (userId === undefined) throw new Refusal('NOT_SIGNED_IN', { field: 'token', rule: 'is a session' });
    return { userId, token };
  }

  private async answer(userId: string): Promise<object> {
    const user = await this.show(userId);
    if (!this.options.sandbox) return { user, sandbox: false };
    const payers = await this.demoPayers.all();
    const shown = payers.map((payer) => ({ name: payer.name, user_id: payer.userId }));
    return { user, sandbox: true, demo_payers: shown };
  }

  private async show(userId: string): Promise<ShownUser> {
    const { name, guest, hasPin } = await this.findPerson.run(userId);
    return { user_id: userId, name, guest, has_pin: hasPin };
  }
}
