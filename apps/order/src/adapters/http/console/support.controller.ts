import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';
import type { FoundOrder, Page, UnknownOutcome } from '@stuiver/console-api';
import { LedgerUnavailable } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { ValidQuery } from '@stuiver/http';
import type { Clock } from '@stuiver/ports';
import { Needs, StaffGuard } from '@stuiver/staff';
import { SupportView } from '../../postgres/support.js';
import { Optional, ORDER_ID, ORDER_ID_SAYS } from '../rules.js';
import { DAY, DAY_SAYS, realDay } from './days.js';

const ROWS_PER_PAGE = 50;
const THING_ID = /^[a-z]{3}_[0-9a-z]{26}$/;
const KINDS = ['attempt', 'refund', 'top-up'] as const;

/** What asks the PSP or the ledger at once what became of something, each by its own resolver. */
export const ASK_NOW = Symbol('ASK_NOW');
export interface AskNow {
  readonly clock: Clock;
  readonly ask: Readonly<Record<UnknownOutcome['kind'], (id: string) => Promise<unknown>>>;
}

class OrdersQuery {
  @Optional()
  @Matches(ORDER_ID, { message: `$property ${ORDER_ID_SAYS}` })
  readonly before?: string;
  @Optional() @IsString() @Length(1, 64) readonly q?: string;
  @Optional() @Matches(DAY, { message: `$property ${DAY_SAYS}` }) readonly from?: string;
  @Optional() @Matches(DAY, { message: `$property ${DAY_SAYS}` }) readonly to?: string;
}

/** For who helps: find any order by what somebody read out, and see to what nobody knows the end of. */
@Controller('console/support')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class SupportController {
  constructor(
    @Inject(SupportView) private readonly view: SupportView,
    @Inject(ASK_NOW) private readonly tools: AskNow,
  ) {}

  @Get('orders')
  async orders(@ValidQuery(OrdersQuery) query: OrdersQuery): Promise<Page<FoundOrder>> {
    const rows = await this.view.orders({
      ...{ before: query.before ?? null, text: query.q?.trim() ?? null },
      ...{ from: realDay('from', query.from), to: realDay('to', query.to) },
      limit: ROWS_PER_PAGE + 1,
    });
    const items = rows.slice(0, ROWS_PER_PAGE);
    const next = rows.length > ROWS_PER_PAGE ? (items.at(-1)?.orderId ?? null) : null;
    return { items, next };
  }

  @Get('unknown')
  async unknown(): Promise<{ items: readonly UnknownOutcome[] }> {
    return { items: await this.view.unknown(this.tools.clock.now()) };
  }

  /** As its resolver would by itself later; safe to repeat. */
  @Post('unknown/:kind/:id/ask')
  @HttpCode(200)
  async ask(
    @Param() { kind: text, id }: { kind: string; id: string },
  ): Promise<{ item: UnknownOutcome | null }> {
    const kind = KINDS.find((each) => each === text);
    const { clock, ask } = this.tools;
    if (kind === undefined || !THING_ID.test(id)) throw new Refusal('NOT_FOUND');
    const open = await this.view.unknownOne(kind, id, clock.now());
    if (open === undefined) return { item: null };
    await ask[kind](id).catch((error: unknown) => {
      // Asking goes on by itself; the item says when.
      if (!(error instanceof LedgerUnavailable)) throw error;
    });
    return { item: (await this.view.unknownOne(kind, id, clock.now())) ?? null };
  }
}
