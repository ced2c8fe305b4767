import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import type { MerchantPayee } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { AskPayeeChange } from '../../use-cases/ask-payee-change.js';
import { DecidePayeeChange } from '../../use-cases/decide-payee-change.js';
import { PayeeView } from '../postgres/payee-view.js';
import { PayeeBody } from './console-payees.controller.js';
import { needId, needMerchant } from './console-rules.js';

/** A merchant's own account, and the other one that its people ask for; another merchant's do not exist. */
@Controller('console/merchants/:mchid/payee')
@UseGuards(StaffGuard)
export class MerchantPayeeController {
  constructor(
    @Inject(PayeeView) private readonly view: PayeeView,
    @Inject(AskPayeeChange) private readonly askChange: AskPayeeChange,
    @Inject(DecidePayeeChange) private readonly decide: DecidePayeeChange,
  ) {}

  @Get()
  show(@SignedIn() who: StaffClaims, @Param('mchid') mchid: string): Promise<MerchantPayee> {
    requireMerchant(who, needMerchant(mchid));
    return this.view.ofMerchant(mchid);
  }

  @Post('changes')
  @HttpCode(200)
  @Needs('merchant', 'finance')
  async ask(
    @SignedIn() who: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidBody(PayeeBody) body: PayeeBody,
  ): Promise<MerchantPayee> {
    requireMerchant(who, needMerchant(mchid));
    const { name, iban } = body;
    await this.askChange.run({ merchantId: mchid, name, iban }, { id: who.id, name: who.name });
    return this.view.ofMerchant(mchid);
  }

  @Post('changes/:id/withdraw')
  @HttpCode(200)
  @Needs('merchant', 'finance')
  async withdraw(
    @SignedIn() who: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('id') id: string,
  ): Promise<MerchantPayee> {
    requireMerchant(who, needMerchant(mchid));
    const { change } = await this.view.ofMerchant(mchid);
    if (change?.payeeChangeId !== needId('PayeeChange', id)) throw new Refusal('NOT_FOUND');
    await this.decide.withdraw(id, { id: who.id, name: who.name });
    return this.view.ofMerchant(mchid);
  }
}
