import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { Page, PayeeChangeDetail, PayeeChangeSummary } from '@stuiver/console-api';
import { ValidBody, ValidQuery } from '@stuiver/http';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { isSamePerson } from '../../domain/person.js';
import { AskPayeeChange } from '../../use-cases/ask-payee-change.js';
import { DecidePayeeChange } from '../../use-cases/decide-payee-change.js';
import { PAYEE_CHECKS, type PayeeCheck } from '../../use-cases/payee-ports.js';
import { PayeeView } from '../postgres/payee-view.js';
import {
  found,
  IsIdOf,
  ITEMS_PER_PAGE,
  needId,
  needMerchant,
  Optional,
  pageOf,
} from './console-rules.js';

const STATES = ['open', 'asked', 'approved', 'in-use', 'refused', 'withdrawn', 'expired'];
const NAME_CHARACTERS_MAX = 70;

class ListQuery {
  @Optional() @IsIdOf('PayeeChange') readonly before?: string;
  @Optional() @IsIn(STATES) readonly state?: string;
}

/** Who is to be paid, and where. */
export class PayeeBody {
  @IsString() @Length(1, NAME_CHARACTERS_MAX) readonly name!: string;
  @IsString() @Length(15, 42) readonly iban!: string;
}

class AskBody extends PayeeBody {
  @IsString()
  @Matches(/^\d{8,32}$/, { message: '$property must be 8 to 32 digits' })
  readonly mchid!: string;
}

class ApproveBody {
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 lower-case hex digits' })
  readonly detailsSha256!: string;
  @IsIn(PAYEE_CHECKS) readonly payeeCheck!: PayeeCheck;
}

/** Where merchants are paid: asked by one person, agreed to by another of finance. */
@Controller('console/finance/payee-changes')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class ConsolePayeesController {
  constructor(
    @Inject(PayeeView) private readonly view: PayeeView,
    @Inject(AskPayeeChange) private readonly askChange: AskPayeeChange,
    @Inject(DecidePayeeChange) private readonly decide: DecidePayeeChange,
  ) {}

  @Get()
  async list(@ValidQuery(ListQuery) query: ListQuery): Promise<Page<PayeeChangeSummary>> {
    const { before = null, state = null } = query;
    const changes = await this.view.changes({ before, state, limit: ITEMS_PER_PAGE });
    return pageOf(changes, ({ payeeChangeId }) => payeeChangeId);
  }

  /** Null when the merchant is paid there already. */
  @Post()
  @HttpCode(200)
  @Needs('finance')
  async ask(
    @SignedIn() who: StaffClaims,
    @ValidBody(AskBody) body: AskBody,
  ): Promise<{ change: PayeeChangeDetail | null }> {
    const { mchid, name, iban } = body;
    const payee = { merchantId: needMerchant(mchid), name, iban };
    const change = await this.askChange.run(payee, { id: who.id, name: who.name });
    return { change: change === undefined ? null : await this.detail(change.id, who) };
  }

  @Get(':id')
  show(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<PayeeChangeDetail> {
    return this.detail(needId('PayeeChange', id), who);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Needs('finance')
  async approve(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(ApproveBody) body: ApproveBody,
  ): Promise<PayeeChangeDetail> {
    const by = { id: who.id, name: who.name };
    const { detailsSha256, payeeCheck } = body;
    const payeeChangeId = needId('PayeeChange', id);
    await this.decide.approve({ id: payeeChangeId, by, detailsSha256, payeeCheck });
    return this.detail(id, who);
  }

  @Post(':id/refuse')
  @HttpCode(200)
  @Needs('finance')
  async refuse(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<PayeeChangeDetail> {
    await this.decide.refuse(needId('PayeeChange', id), { id: who.id, name: who.name });
    return this.detail(id, who);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Needs('finance')
  async withdraw(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
  ): Promise<PayeeChangeDetail> {
    await this.decide.withdraw(needId('PayeeChange', id), { id: who.id, name: who.name });
    return this.detail(id, who);
  }

  private async detail(id: string, who: StaffClaims): Promise<PayeeChangeDetail> {
    const { detail, askerId } = found(await this.view.change(id));
    const isAnother = !isSamePerson(askerId, who.id);
    const mayApprove = detail.state === 'asked' && who.roles.includes('finance') && isAnother;
    return { ...detail, mayApprove };
  }
}
