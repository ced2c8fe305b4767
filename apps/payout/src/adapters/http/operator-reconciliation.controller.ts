import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Post,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import type { BankAnswerSummary, OpenItem, StatementSummary, TieOut } from '@stuiver/console-api';
import { BodyBytesMax, OperatorGuard, RawBody } from '@stuiver/http';
import { ImportBankAnswer } from '../../use-cases/import-bank-answer.js';
import { ImportStatement } from '../../use-cases/import-statement.js';
import { TieOut as RunTieOut } from '../../use-cases/tie-out.js';
import { ItemDesk } from '../postgres/item-desk.js';
import { STATEMENT_BYTES_MAX } from './console-bank.controller.js';
import { LedgerEdge } from './ledger-edge.js';
import { presentBankAnswer } from './present-bank-answer.js';
import { presentStatement } from './present-statement.js';
import { presentTieOut } from './present-tie-out.js';

const ITEMS_MAX = 500;

/** The command line's `reconcile`; behind the operator token. */
@Controller('operator/reconciliation')
@UseGuards(OperatorGuard)
@UseInterceptors(LedgerEdge)
export class OperatorReconciliationController {
  constructor(
    @Inject(ImportStatement) private readonly importStatement: ImportStatement,
    @Inject(ImportBankAnswer) private readonly importAnswer: ImportBankAnswer,
    @Inject(RunTieOut) private readonly runTieOut: RunTieOut,
    @Inject(ItemDesk) private readonly desk: ItemDesk,
  ) {}

  /** The camt.053 file itself is the body. */
  @Post('statements')
  @HttpCode(200)
  @BodyBytesMax(STATEMENT_BYTES_MAX)
  async import(@RawBody() content: Buffer): Promise<{ statements: StatementSummary[] }> {
    const { statements, repeated } = await this.importStatement.run({ content, by: 'operator' });
    return { statements: statements.map((statement) => presentStatement(statement, repeated)) };
  }

  /** The pain.002 file itself is the body. */
  @Post('bank-answers')
  @HttpCode(200)
  @BodyBytesMax(STATEMENT_BYTES_MAX)
  async answer(@RawBody() content: Buffer): Promise<BankAnswerSummary> {
    return presentBankAnswer(await this.importAnswer.run({ content, by: 'operator' }));
  }

  /** Read now, and what is open, newest first. */
  @Get()
  async status(): Promise<TieOut & { openItems: OpenItem[] }> {
    const tieOut = presentTieOut(await this.runTieOut.run());
    return { ...tieOut, openItems: [...(await this.desk.list({}, ITEMS_MAX))] };
  }
}
