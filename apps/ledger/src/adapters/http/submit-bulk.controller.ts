import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { BulkAnswer, LedgerCommand, LedgerPort } from '@stuiver/contracts';
import { BodyBytesMax, RawBody } from '@stuiver/http';
import { bulkErrorOf, needFitting } from '../../use-cases/submit-bulk.js';
import { BULK_BYTES_MAX, listIn, toCommand } from './command-body.js';
import { LedgerCallerGuard, needMay } from './ledger-callers.js';
import { LEDGER_PORT } from './ledger-port.controller.js';

/** Many commands in one request: parsed, allowed, decided and answered one by one, in their order. */
@Controller('internal/ledger')
@UseGuards(LedgerCallerGuard)
export class SubmitBulkController {
  constructor(@Inject(LEDGER_PORT) private readonly ledger: LedgerPort) {}

  @Post('commands/bulk')
  @HttpCode(200)
  @BodyBytesMax(BULK_BYTES_MAX)
  async submitAll(
    @Req() request: FastifyRequest,
    @RawBody() body: Buffer,
  ): Promise<{ answers: readonly BulkAnswer[] }> {
    const given = listIn(body);
    needFitting(given.length);
    const answers: BulkAnswer[] = [];
    const places: number[] = [];
    const commands: LedgerCommand[] = [];
    for (const [place, value] of given.entries()) {
      try {
        commands.push(allowed(request, value));
        places.push(place);
      } catch (error) {
        answers[place] = bulkErrorOf(error);
      }
    }
    const submitted = await this.ledger.submitAll(commands);
    for (const [index, answer] of submitted.entries()) answers[places[index] ?? 0] = answer;
    return { answers };
  }
}

/** @throws Refusal PARAM_ERROR or NO_AUTH. */
function allowed(request: FastifyRequest, value: unknown): LedgerCommand {
  const command = toCommand(value);
  needMay(request, { submit: command });
  return command;
}
