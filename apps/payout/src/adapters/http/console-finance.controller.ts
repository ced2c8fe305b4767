import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Post,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Matches } from 'class-validator';
import type { FinanceToday, OpenItemKind, TieOut } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { Money } from '@stuiver/money';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { nextCutOff } from '../../domain/t2-calendar.js';
import type { PspPayOut, PspPayoutAnswer } from '../../use-cases/psp-pay-out.js';
import { TieOut as RunTieOut } from '../../use-cases/tie-out.js';
import { FinanceView } from '../postgres/finance-view.js';
import { ItemDesk } from '../postgres/item-desk.js';
import { PostgresOpenItems } from '../postgres/open-items.js';
import { CONSOLE_TOOLS, type ConsoleTools } from './console-batches.controller.js';
import { LedgerEdge } from './ledger-edge.js';
import { presentTieOut } from './present-tie-out.js';

/** Null when no PSP is connected. */
export const PSP_PAY_OUT = Symbol('PSP_PAY_OUT');

class PspPayoutBody {
  @Matches(/^[1-9]\d{0,11}$/, { message: '$property must be a whole number of cents, as text' })
  readonly amountMinor!: string;
}

/** How finance stands: what is to do, what is open, and whether everything adds up. */
@Controller('console/finance')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
@UseInterceptors(LedgerEdge)
export class ConsoleFinanceController {
  constructor(
    @Inject(FinanceView) private readonly view: FinanceView,
    @Inject(PostgresOpenItems) private readonly items: PostgresOpenItems,
    @Inject(ItemDesk) private readonly desk: ItemDesk,
    @Inject(RunTieOut) private readonly runTieOut: RunTieOut,
    @Inject(PSP_PAY_OUT) private readonly pspPayOut: PspPayOut | null,
    @Inject(CONSOLE_TOOLS) private readonly tools: ConsoleTools,
  ) {}

  /** With the last reading of the tie-out: a PSP that does not answer hides nothing else. */
  @Get('today')
  async today(): Promise<FinanceToday> {
    const last = await this.items.lastTieOut();
    const now = this.tools.clock.now();
    const { day, at } = nextCutOff(now);
    const openItems = await this.items.counts();
    return {
      ...(await this.view.today()),
      exceptionsByAge: await this.desk.exceptionsByAge(now),
      openItems: openItems.map(({ kind, count }) => ({ kind: kind as OpenItemKind, count })),
      tieOut: last === undefined ? await this.tieOut() : { ...last, at: last.at.toISOString() },
      nextCutOffAt: at.toISOString(),
      nextBusinessDay: day,
    };
  }

  /** Read now. */
  @Get('tie-out')
  async tieOut(): Promise<TieOut> {
    return presentTieOut(await this.runTieOut.run());
  }

  /** Sends what the PSP holds for us to our bank account. */
  @Post('psp-payouts')
  @HttpCode(200)
  async payOut(
    @SignedIn() who: StaffClaims,
    @ValidBody(PspPayoutBody) body: PspPayoutBody,
  ): Promise<PspPayoutAnswer> {
    if (this.pspPayOut === null) {
      throw new Refusal('STATE_CONFLICT', { rule: 'no PSP is connected for payouts' });
    }
    const amount = Money.ofMinor(BigInt(body.amountMinor), 'EUR');
    return this.pspPayOut.run({ amount, by: who.id });
  }
}
