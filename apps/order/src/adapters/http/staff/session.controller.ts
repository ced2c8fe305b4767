import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StaffMe } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { requireCsrfToken, requireOwnPage, type StaffClaims } from '@stuiver/staff';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { PostgresStaff } from '../../postgres/staff.js';
import { StaffDoor } from './staff-door.js';

/** Who of the staff is here. */
@Controller('staff')
export class StaffSessionController {
  constructor(
    @Inject(StaffDoor) private readonly door: StaffDoor,
    @Inject(PostgresStaff) private readonly staff: PostgresStaff,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Get('me')
  async me(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StaffMe> {
    return this.show(reply, await this.door.find(request, reply));
  }

  /** Gives a fresh cookie, with the roles of now. */
  @Post('session/renew')
  @HttpCode(200)
  async renew(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StaffMe> {
    requireOwnPage(request, this.door.sessions);
    return this.show(reply, await this.door.renew(request, reply));
  }

  @Post('sign-out')
  @HttpCode(204)
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    requireOwnPage(request, this.door.sessions);
    const csrf = this.door.csrfOf(request);
    if (csrf !== null) requireCsrfToken(request, csrf);
    await this.door.close(request, reply);
  }

  private async show(reply: FastifyReply, claims: StaffClaims | undefined): Promise<StaffMe> {
    if (claims === undefined) throw new Refusal('NOT_SIGNED_IN', { rule: 'sign in first' });
    void reply.header('cache-control', 'no-store');
    const { id, name, email, roles, csrf, exp } = claims;
    const names = await this.staff.merchantNames(claims.merchants);
    const merchants = [...names].map(([mchid, merchant]) => ({ mchid, name: merchant }));
    const expiresAt = new Date(exp * 1_000).toISOString();
    // One mode decides both: whoever may not hold payers' money may not hold merchants' either.
    const pspPaysMerchants = !this.options.offersBalance;
    return { id, name, email, roles, merchants, pspPaysMerchants, csrfToken: csrf, expiresAt };
  }
}
