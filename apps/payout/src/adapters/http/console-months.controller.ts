import { Readable } from 'node:stream';
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type { CashAgainstLiabilities, MonthDetail, MonthSummary } from '@stuiver/console-api';
import type { LedgerBooks } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { MONTH, type Month } from '../../domain/month.js';
import type { CloseMonth } from '../../use-cases/close-month.js';
import type { LookAtMonths } from '../../use-cases/look-at-months.js';
import type { PrepareMonth } from '../../use-cases/prepare-month.js';
import { Optional } from './console-rules.js';
import { journalCsv } from './journal-csv.js';
import { LedgerEdge } from './ledger-edge.js';
import { cashOf } from './present-cash.js';
import { presentMonth, presentMonthDetail } from './present-month.js';

export const MONTH_ENDS = Symbol('MONTH_ENDS');
export interface MonthEnds {
  readonly look: LookAtMonths;
  readonly prepare: PrepareMonth;
  readonly close: CloseMonth;
  readonly books: LedgerBooks;
}

class PrepareBody {
  @Optional()
  @IsString()
  @Length(1, 500)
  @Matches(/\S/, { message: '$property must say something' })
  readonly note?: string;
}

class CloseBody {
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 lower-case hex digits' })
  readonly sha256!: string;
}

/** Months of the books: ready by one person, closed by another; their files; and whether all that is owed is there. */
@Controller('console/finance')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
@UseInterceptors(LedgerEdge)
export class ConsoleMonthsController {
  constructor(@Inject(MONTH_ENDS) private readonly ends: MonthEnds) {}

  @Get('cash')
  async cash(): Promise<CashAgainstLiabilities> {
    return cashOf(await this.ends.books.booksAt(null));
  }

  @Get('months')
  async list(): Promise<{ months: readonly MonthSummary[] }> {
    return { months: (await this.ends.look.list()).map(presentMonth) };
  }

  @Get('months/:month')
  show(@SignedIn() who: StaffClaims, @Param('month') text: string): Promise<MonthDetail> {
    return this.detail(needMonth(text), who);
  }

  @Post('months/:month/prepare')
  @HttpCode(200)
  @Needs('finance')
  async prepare(
    @SignedIn() who: StaffClaims,
    @Param('month') text: string,
    @ValidBody(PrepareBody) { note }: PrepareBody,
  ): Promise<MonthDetail> {
    const month = needMonth(text);
    const by = { id: who.id, name: who.name };
    await this.ends.prepare.run({ month, note: note ?? null, by });
    return this.detail(month, who);
  }

  @Post('months/:month/close')
  @HttpCode(200)
  @Needs('finance')
  async close(
    @SignedIn() who: StaffClaims,
    @Param('month') text: string,
    @ValidBody(CloseBody) { sha256 }: CloseBody,
  ): Promise<MonthDetail> {
    const month = needMonth(text);
    await this.ends.close.run({ month, sha256, by: { id: who.id, name: who.name } });
    return this.detail(month, who);
  }

  /** As it was closed; as it is now while it is open. */
  @Get('months/:month/trial-balance.csv')
  async trialBalance(@Param('month') text: string, @Res() reply: FastifyReply): Promise<void> {
    const { month, close, trialBalance } = await this.ends.look.one(needMonth(text));
    const csv = close?.final?.csv ?? trialBalance.csv;
    await asFile(reply, `trial-balance-${month}.csv`).send(csv);
  }

  @Get('months/:month/journal.csv')
  async journal(@Param('month') text: string, @Res() reply: FastifyReply): Promise<void> {
    const month = needMonth(text);
    const pieces = Readable.from(journalCsv(this.ends.books, month));
    await asFile(reply, `journal-${month}.csv`).send(pieces);
  }

  private async detail(month: Month, who: StaffClaims): Promise<MonthDetail> {
    const reader = { id: who.id, isFinance: who.roles.includes('finance') };
    return presentMonthDetail(await this.ends.look.one(month), reader);
  }
}

/** @throws Refusal NOT_FOUND */
function needMonth(text: string): Month {
  if (!MONTH.test(text)) throw new Refusal('NOT_FOUND');
  return text;
}

function asFile(reply: FastifyReply, name: string): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .type('text/csv; charset=utf-8');
}
