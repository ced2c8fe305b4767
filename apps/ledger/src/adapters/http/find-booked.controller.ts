import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import type { BookedCommand, BookedTransfer } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, validText } from '@stuiver/http';
import { FindBooked } from '../../use-cases/find-booked.js';

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** `GET /operator/ledger/transfers/:seq`, `GET /operator/ledger/commands/:id` */
@Controller('operator/ledger')
@UseGuards(OperatorGuard)
export class FindBookedController {
  constructor(@Inject(FindBooked) private readonly findBooked: FindBooked) {}

  @Get('transfers/:seq')
  async transfer(@Param('seq') text: string): Promise<BookedTransfer> {
    const says = 'must be the number of a transfer';
    const seq = validText(text, {
      ...{ field: 'seq', pattern: /^[1-9]\d{0,17}$/, says, location: 'path' },
    });
    return found(await this.findBooked.transfer(seq), 'seq', seq);
  }

  @Get('commands/:id')
  async command(@Param('id') text: string): Promise<BookedCommand> {
    const says = 'must be a UUID';
    const id = validText(text, { field: 'id', pattern: UUID, says, location: 'path' });
    return found(await this.findBooked.command(id), 'id', id);
  }
}

function found<T>(thing: T | null, field: string, value: string): T {
  if (thing === null) throw new Refusal('NOT_FOUND', { field, value });
  return thing;
}
