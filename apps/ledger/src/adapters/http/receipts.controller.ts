import { Controller, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import { Matches } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import type { LedgerReceipts } from '@stuiver/contracts';
import { ValidQuery, validText } from '@stuiver/http';
import type { Receipt } from '@stuiver/proof';
import { LedgerCallerGuard, needMay } from './ledger-callers.js';

export const LEDGER_RECEIPTS = Symbol('LEDGER_RECEIPTS');

const COMMAND = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `purposes`: words with commas between them, or nothing. */
class ReceiptQuery {
  @Matches(/^(user|merchant):[A-Za-z0-9_.-]{1,64}$/) readonly owner!: string;
  @Matches(/^([a-z-]{1,32}(,[a-z-]{1,32})*)?$/) readonly purposes!: string;
}

/** What proves a booking, for the people of the services that asked for it. */
@Controller('internal/ledger/receipts')
@UseGuards(LedgerCallerGuard)
export class ReceiptsController {
  constructor(@Inject(LEDGER_RECEIPTS) private readonly receipts: LedgerReceipts) {}

  @Get(':commandId')
  get(
    @Req() request: FastifyRequest,
    @Param('commandId') text: string,
    @ValidQuery(ReceiptQuery) { owner, purposes }: ReceiptQuery,
  ): Promise<Receipt> {
    needMay(request, { read: `${owner}:` });
    const says = 'must be a command’s UUID';
    const commandId = validText(text, {
      ...{ field: 'commandId', pattern: COMMAND, says, location: 'path' },
    });
    const named = purposes === '' ? [] : purposes.split(',');
    return this.receipts.receipt(commandId, { owner, purposes: named });
  }
}
