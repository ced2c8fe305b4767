import { Controller, Get, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsUUID, Matches } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Booking,
  BOOKINGS_MAX,
  type BookingsPage,
  type LedgerBookings,
  type LedgerCommandKind,
  LedgerCommandSchema,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { ValidBody, ValidQuery } from '@stuiver/http';
import { VERSION_TEXT } from '../../use-cases/list-statement.js';
import { LedgerCallerGuard, needMay } from './ledger-callers.js';

export const LEDGER_BOOKINGS = Symbol('LEDGER_BOOKINGS');

const Kinds = z.array(z.enum(LedgerCommandSchema.options.map(({ shape }) => shape.kind.value)));

class FindBody {
  @IsArray() @ArrayMaxSize(BOOKINGS_MAX) @IsUUID('all', { each: true }) readonly ids!: string[];
}

/** `kinds`: names of commands with commas between them. `after`: `0`, or `next` of the page before. */
class OfQuery {
  @Matches(/^[a-z-]+(,[a-z-]+)*$/) readonly kinds!: string;
  @Matches(VERSION_TEXT) readonly after!: string;
}

/** What commands led to, for the services that gave them. */
@Controller('internal/ledger/bookings')
@UseGuards(LedgerCallerGuard)
export class BookingsController {
  constructor(@Inject(LEDGER_BOOKINGS) private readonly ledger: LedgerBookings) {}

  @Post('find')
  @HttpCode(200)
  async find(
    @Req() request: FastifyRequest,
    @ValidBody(FindBody) { ids }: FindBody,
  ): Promise<{ bookings: readonly Booking[] }> {
    const bookings = await this.ledger.bookings(ids);
    for (const { kind } of bookings) needOwn(request, kind);
    return { bookings };
  }

  @Get()
  of(
    @Req() request: FastifyRequest,
    @ValidQuery(OfQuery) { kinds, after }: OfQuery,
  ): Promise<BookingsPage> {
    const names = kinds.split(',').map((kind) => needOwn(request, kind));
    return this.ledger.bookingsOf(names, after);
  }
}

/** Who may submit a kind may ask about it; voided ids are nobody's. @throws Refusal PARAM_ERROR, NO_AUTH. */
function needOwn(request: FastifyRequest, kind: string): LedgerCommandKind {
  const [known] = Kinds.safeParse([kind]).data ?? [];
  if (known === undefined) {
    throw new Refusal('PARAM_ERROR', {
      field: 'kinds',
      rule: 'is no kind of command',
      value: kind,
    });
  }
  needMay(request, { kind: known });
  return known;
}
