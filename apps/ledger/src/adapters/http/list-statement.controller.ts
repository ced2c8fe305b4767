import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import { IsString, Matches, ValidateIf } from 'class-validator';
import type { StatementLine } from '@stuiver/contracts';
import { OperatorGuard, ValidQuery } from '@stuiver/http';
import { ListStatement, VERSION_TEXT } from '../../use-cases/list-statement.js';
import { accountParameter } from './account-parameter.js';

const LINES_DEFAULT = '100';

/** `after`: the last version already seen; `limit`: 1 to 1000 lines. */
export class StatementQuery {
  @IsString()
  @Matches(VERSION_TEXT, { message: 'must be a version number' })
  @ValidateIf((_query, value) => value !== undefined)
  readonly after?: string;

  @IsString()
  @Matches(/^([1-9]\d{0,2}|1000)$/, { message: 'must be a number from 1 to 1000' })
  @ValidateIf((_query, value) => value !== undefined)
  readonly limit?: string;
}

/** `GET /operator/ledger/accounts/:account/statement?after=&limit=` */
@Controller('operator/ledger/accounts')
@UseGuards(OperatorGuard)
export class ListStatementController {
  constructor(@Inject(ListStatement) private readonly listStatement: ListStatement) {}

  @Get(':account/statement')
  async get(
    @Param('account') account: string,
    @ValidQuery(StatementQuery) query: StatementQuery,
  ): Promise<{ lines: readonly StatementLine[] }> {
    const limit = Number(query.limit ?? LINES_DEFAULT);
    const page = { afterVersion: query.after ?? '0', limit };
    return { lines: await this.listStatement.run(accountParameter(account), page) };
  }
}
