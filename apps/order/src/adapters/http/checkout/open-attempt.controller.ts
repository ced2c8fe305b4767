import { Controller, Inject, Post, UseGuards } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { ValidBody } from '@stuiver/http';
import { FindPerson } from '../../../use-cases/find-person.js';
import { FindWallet } from '../../../use-cases/find-wallet.js';
import { OpenAttempt, type OpenedAttempt } from '../../../use-cases/open-attempt.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { presentSheet } from './present-sheet.js';

/** `wx.requestPayment`'s own five parameters, and the appid that the host page runs. */
export class OpenAttemptBody {
  @IsString() @Length(1, 32) readonly appid!: string;
  @IsString() @Length(1, 20) readonly timeStamp!: string;
  @IsString() @Length(1, 32) readonly nonceStr!: string;
  @IsString() @Length(1, 128) readonly package!: string;
  @IsString() @Length(1, 20) readonly signType!: string;
  @IsString() @Length(1, 1024) readonly paySign!: string;
}

export class OpenAttemptByCodeBody {
  @IsString() @Length(1, 64) readonly code!: string;
}

/** Opens a pay sheet. */
@Controller('checkout/attempts')
@UseGuards(PayerGuard)
export class OpenAttemptController {
  constructor(
    @Inject(OpenAttempt) private readonly openAttempt: OpenAttempt,
    @Inject(FindPerson) private readonly findPerson: FindPerson,
    @Inject(FindWallet) private readonly findWallet: FindWallet,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Post()
  async post(
    @Payer() userId: string,
    @ValidBody(OpenAttemptBody) body: OpenAttemptBody,
  ): Promise<object> {
    return this.sheet(userId, await this.openAttempt.byCall(userId, body));
  }

  @Post('by-code')
  async byCode(
    @Payer() userId: string,
    @ValidBody(OpenAttemptByCodeBody) body: OpenAttemptByCodeBody,
  ): Promise<object> {
    return this.sheet(userId, await this.openAttempt.byCode(userId, body.code));
  }

  private async sheet(userId: string, opened: OpenedAttempt): Promise<object> {
    const person = await this.findPerson.run(userId);
    const availableMinor = this.options.offersBalance
      ? (await this.findWallet.balance(userId)).availableMinor
      : null;
    const { offersCards } = this.options;
    return presentSheet(opened, { person, availableMinor, offersCards });
  }
}
