import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import type { PspAccountAnswer, PspAccountLink } from '@stuiver/console-api';
import type { Log } from '@stuiver/ports';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { SetUpPspAccount } from '../../../use-cases/set-up-psp-account.js';
import { STAFF_LOG } from '../staff/staff-log.js';

/** The account on which the PSP holds a merchant's money. */
@Controller('console/merchants/:mchid/psp-account')
@UseGuards(StaffGuard)
export class PspAccountController {
  constructor(
    @Inject(SetUpPspAccount) private readonly setUp: SetUpPspAccount,
    @Inject(STAFF_LOG) private readonly log: Log,
  ) {}

  @Get()
  async status(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
  ): Promise<PspAccountAnswer> {
    requireMerchant(staff, mchid);
    return { account: await this.setUp.status(mchid) };
  }

  /** A page of the PSP's, good once and for minutes. */
  @Post('links')
  @HttpCode(200)
  @Needs('merchant', 'operator')
  async link(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
  ): Promise<PspAccountLink> {
    requireMerchant(staff, mchid);
    const url = await this.setUp.link(mchid);
    this.log.info('a merchant goes to the PSP to finish its account', { staff_id: staff.id });
    return { url };
  }
}
