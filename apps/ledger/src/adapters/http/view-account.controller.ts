import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import type { AccountView } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard } from '@stuiver/http';
import { ViewAccount } from '../../use-cases/view-account.js';
import { accountParameter } from './account-parameter.js';

/** `GET /operator/ledger/accounts/:account` */
@Controller('operator/ledger/accounts')
@UseGuards(OperatorGuard)
export class ViewAccountController {
  constructor(@Inject(ViewAccount) private readonly viewAccount: ViewAccount) {}

  @Get(':account')
  async get(@Param('account') account: string): Promise<AccountView> {
    const view = await this.viewAccount.run(accountParameter(account));
    if (view === null) throw new Refusal('NOT_FOUND', { field: 'account', value: account });
    return view;
  }
}
