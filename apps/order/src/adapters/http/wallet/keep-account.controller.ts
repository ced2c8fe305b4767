import { Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';
import { ValidBody } from '@stuiver/http';
import { KeepAccount } from '../../../use-cases/keep-account.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { Myself, type ShownUser } from './myself.js';

export class KeepAccountBody {
  @IsString() @Length(1, 70) readonly name!: string;

  @IsString()
  @Matches(/^\d{6}$/, { message: '$property must be six digits' })
  readonly pin!: string;
}

/** Turns a guest into an account that can be found again. */
@Controller('wallet/keep')
@UseGuards(PayerGuard)
export class KeepAccountController {
  constructor(
    @Inject(KeepAccount) private readonly keepAccount: KeepAccount,
    @Inject(Myself) private readonly myself: Myself,
  ) {}

  @Post()
  @HttpCode(200)
  async post(
    @Payer() userId: string,
    @ValidBody(KeepAccountBody) { name, pin }: KeepAccountBody,
  ): Promise<{ user: ShownUser; recovery_code: string }> {
    const { recoveryCode } = await this.keepAccount.run({ userId, name, pin });
    return { user: await this.myself.show(userId), recovery_code: recoveryCode };
  }
}
