import { Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { ValidBody } from '@stuiver/http';
import { IssueLoginCode } from '../../../use-cases/issue-login-code.js';
import { Payer, PayerGuard } from '../payer.guard.js';

export class LoginBody {
  @IsString() @Length(1, 32) readonly appid!: string;
}

/** `wx.login`, asked by the host page for the mini-program that runs in it. */
@Controller('checkout/login')
@UseGuards(PayerGuard)
export class LoginController {
  constructor(@Inject(IssueLoginCode) private readonly issueLoginCode: IssueLoginCode) {}

  @Post()
  @HttpCode(200)
  async post(
    @Payer() userId: string,
    @ValidBody(LoginBody) { appid }: LoginBody,
  ): Promise<{ code: string }> {
    return this.issueLoginCode.run({ appid, userId });
  }
}
