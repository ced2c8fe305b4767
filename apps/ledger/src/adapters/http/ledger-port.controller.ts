import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type AccountView,
  type LedgerPort,
  type LedgerResult,
  LedgerUnavailable,
  type StatementLine,
  type TrialBalance,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { parseJsonObject, RawBody, ValidQuery } from '@stuiver/http';
import { accountParameter } from './account-parameter.js';
import { toCommand } from './command-body.js';
import { LedgerCallerGuard, needMay } from './ledger-callers.js';
import { StatementQuery } from './list-statement.controller.js';

export const LEDGER_PORT = Symbol('LEDGER_PORT');

const LINES_DEFAULT = '100';
/** A queue of seconds is full: a second later a good part of it is gone. */
const RETRY_AFTER_SECONDS = '1';

/** The ledger's port over HTTP, for the other services of one installation; `libs/ledger-client` is the other end. */
@Controller('internal/ledger')
@UseGuards(LedgerCallerGuard)
export class LedgerPortController {
  constructor(@Inject(LEDGER_PORT) private readonly ledger: LedgerPort) {}

  @Post('commands')
  @HttpCode(200)
  submit(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @RawBody() body: Buffer,
  ): Promise<LedgerResult> {
    const command = toCommand(parseJsonObject(body));
    needMay(request, { submit: command });
    return orBusy(reply, () => this.ledger.submit(command));
  }

  @Post('commands/:id/void')
  @HttpCode(200)
  void(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
  ): Promise<LedgerResult> {
    needMay(request, { void: true });
    return orBusy(reply, () => this.ledger.void(id));
  }

  /** `view` is null when nothing was ever booked on the account. */
  @Get('accounts/:account')
  async account(
    @Req() request: FastifyRequest,
    @Param('account') account: string,
  ): Promise<{ view: AccountView | null }> {
    needMay(request, { read: account });
    return { view: await this.ledger.account(accountParameter(account)) };
  }

  @Get('accounts/:account/statement')
  async statement(
    @Req() request: FastifyRequest,
    @Param('account') account: string,
    @ValidQuery(StatementQuery) query: StatementQuery,
  ): Promise<{ lines: readonly StatementLine[] }> {
    needMay(request, { read: account });
    const page = { afterVersion: query.after ?? '0', limit: Number(query.limit ?? LINES_DEFAULT) };
    return { lines: await this.ledger.statement(accountParameter(account), page) };
  }

  @Get('trial-balance')
  trialBalance(@Req() request: FastifyRequest): Promise<TrialBalance> {
    needMay(request, { readAll: true });
    return this.ledger.trialBalance();
  }
}

/** The outcome is not known here either: 503, and the same command again finds out. */
async function orBusy(
  reply: FastifyReply,
  work: () => Promise<LedgerResult>,
): Promise<LedgerResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    void reply.header('retry-after', RETRY_AFTER_SECONDS);
    throw new Refusal('SERVICE_UNAVAILABLE', { rule: error.message }, { cause: error });
  }
}
