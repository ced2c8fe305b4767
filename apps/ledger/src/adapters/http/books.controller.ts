import { Controller, Get, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import { Matches } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import type {
  BooksAt,
  BooksSpan,
  JournalPage,
  LedgerBooks,
  LedgerResult,
} from '@stuiver/contracts';
import { ValidQuery } from '@stuiver/http';
import { VERSION_TEXT } from '../../use-cases/list-statement.js';
import { monthOf } from './close-period.controller.js';
import { LedgerCallerGuard, needMay } from './ledger-callers.js';
import { dayOf, instantOf, IsDay, IsInstant, Optional } from './time-parameters.js';

export const LEDGER_BOOKS = Symbol('LEDGER_BOOKS');

/** `at`: an ISO 8601 instant; now when left out. */
class AtQuery {
  @Optional() @IsInstant() readonly at?: string;
}

class PageQuery {
  @Matches(VERSION_TEXT, { message: '$property must be the number of a transfer' })
  readonly after!: string;
  @IsDay() readonly from!: string;
  @IsDay() readonly to!: string;
}

/** The general ledger, for the service that closes months. */
@Controller('internal/ledger/books')
@UseGuards(LedgerCallerGuard)
export class BooksController {
  constructor(@Inject(LEDGER_BOOKS) private readonly books: LedgerBooks) {}

  @Get()
  at(@Req() request: FastifyRequest, @ValidQuery(AtQuery) { at }: AtQuery): Promise<BooksAt> {
    needMay(request, { readAll: true });
    return this.books.booksAt(at === undefined ? null : instantOf('at', at));
  }

  @Get('span')
  span(@Req() request: FastifyRequest): Promise<BooksSpan> {
    needMay(request, { readAll: true });
    return this.books.span();
  }

  @Get('journal')
  journal(
    @Req() request: FastifyRequest,
    @ValidQuery(PageQuery) { after, from, to }: PageQuery,
  ): Promise<JournalPage> {
    needMay(request, { readAll: true });
    return this.books.journal({ after, from: dayOf('from', from), to: dayOf('to', to) });
  }

  @Post('periods/:month/close')
  @HttpCode(200)
  close(@Req() request: FastifyRequest, @Param('month') text: string): Promise<LedgerResult> {
    needMay(request, { closePeriods: true });
    return this.books.closePeriod(monthOf(text));
  }
}
