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
  type StatementLine,
  type TrialBalance,
} from '@stuiver/contracts';
import { ValidQuery } from '@stuiver/http';
import { accountParameter } from './account-parameter.js';
import { LedgerCallerGuard, needMay } from './ledger-callers.js';
import { orBusy } from './or-busy.js';
import { StatementQuery } from './list-statement.controller.js';

export const LEDGER_PORT = Symbol('LEDGER_PORT');

const LINES_DEFAULT = '100';

/** The ledger's port over HTTP, for the other services of one installation; `libs/ledger-client` is the other end. */
@Controller('internal/ledger')
@UseGuards(LedgerCallerGuard)
export class LedgerPortController {
  constructor(@Inject(LEDGER_PORT) private readonly ledger: LedgerPort) {}

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
