import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import type {
  BankAnswerSummary,
  BankLine,
  LineChoices,
  Page,
  PayoutSummary,
  StatementDetail,
  StatementSummary,
} from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { BodyBytesMax, RawBody, ValidBody, ValidQuery } from '@stuiver/http';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { ImportBankAnswer } from '../../use-cases/import-bank-answer.js';
import { ImportStatement } from '../../use-cases/import-statement.js';
import { KeepPayee } from '../../use-cases/keep-payee.js';
import { PlaceBankLine } from '../../use-cases/place-bank-line.js';
import { RejectPayout } from '../../use-cases/reject-payout.js';
import { UnmatchBankLine } from '../../use-cases/unmatch-bank-line.js';
import { BankLineView } from '../postgres/bank-line-view.js';
import { PostgresStatements } from '../postgres/bank-statements.js';
import { FinanceSearch } from '../postgres/finance-search.js';
import { FinanceView } from '../postgres/finance-view.js';
import {
  found,
  IsIdOf,
  ITEMS_PER_PAGE,
  needId,
  needMerchant,
  Optional,
  pageOf,
} from './console-rules.js';
import { LedgerEdge } from './ledger-edge.js';
import { presentBankAnswer } from './present-bank-answer.js';
import { presentStatement } from './present-statement.js';

/** A statement of a day with tens of thousands of lines. */
export const STATEMENT_BYTES_MAX = 32 * 1024 * 1024;
const PSP_PAYOUT_ID = /^[A-Za-z]{1,8}_[A-Za-z0-9_]{1,80}$/;

class StatementsQuery {
  @Optional() @IsIdOf('BankStatement') readonly before?: string;
}

const PAYOUT_STATES = [
  ...['prepared', 'approved', 'exported', 'settled', 'rejected', 'returned', 'refused'],
];

class PayoutsQuery {
  @Optional() @IsIdOf('Payout') readonly before?: string;
  @Optional() @IsIn(PAYOUT_STATES) readonly state?: string;
  @Optional() @IsString() @Length(1, 64) readonly q?: string;
}

class LinesQuery {
  @Optional() @IsIdOf('BankLine') readonly before?: string;
  @Optional() @IsString() @Length(1, 64) readonly q?: string;
  @Optional() @IsIn(['matched', 'open', 'suggested']) readonly state?: string;
}

class PlaceBody {
  @Optional() @IsIdOf('Payout') readonly payoutId?: string;
  @Optional() @Matches(PSP_PAYOUT_ID) readonly pspPayoutId?: string;
  @IsString() @Length(1, 500) readonly note!: string;
}

class UnmatchBody {
  @Matches(/\S/, { message: '$property must say why' })
  @Length(1, 500)
  readonly reason!: string;
}

class RejectBody {
  @IsString()
  @Matches(/^[A-Z0-9]{4}$/, { message: '$property must be the bank’s code, such as AC04' })
  readonly reasonCode!: string;
}

/** What the bank tells, and what a person says about it. */
@Controller('console/finance')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
@UseInterceptors(LedgerEdge)
export class ConsoleBankController {
  constructor(
    @Inject(ImportStatement) private readonly importStatement: ImportStatement,
    @Inject(ImportBankAnswer) private readonly importAnswer: ImportBankAnswer,
    @Inject(PlaceBankLine) private readonly placeBankLine: PlaceBankLine,
    @Inject(UnmatchBankLine) private readonly unmatchBankLine: UnmatchBankLine,
    @Inject(RejectPayout) private readonly rejectPayout: RejectPayout,
    @Inject(KeepPayee) private readonly keepPayee: KeepPayee,
    @Inject(PostgresStatements) private readonly statements: PostgresStatements,
    @Inject(BankLineView) private readonly lines: BankLineView,
    @Inject(FinanceView) private readonly finance: FinanceView,
    @Inject(FinanceSearch) private readonly search: FinanceSearch,
  ) {}

  /** The camt.053 file itself is the body. The last statement of the file is answered. */
  @Post('statements')
  @HttpCode(200)
  @BodyBytesMax(STATEMENT_BYTES_MAX)
  async import(
    @SignedIn() who: StaffClaims,
    @RawBody() content: Buffer,
  ): Promise<StatementSummary> {
    const { statements, repeated } = await this.importStatement.run({ content, by: who.id });
    return presentStatement(found(statements.at(-1)), repeated);
  }

  /** The pain.002 file itself is the body: what the bank says about a payment file of ours. */
  @Post('bank-answers')
  @HttpCode(200)
  @BodyBytesMax(STATEMENT_BYTES_MAX)
  async answer(
    @SignedIn() who: StaffClaims,
    @RawBody() content: Buffer,
  ): Promise<BankAnswerSummary> {
    return presentBankAnswer(await this.importAnswer.run({ content, by: who.id }));
  }

  @Get('statements')
  async list(@ValidQuery(StatementsQuery) query: StatementsQuery): Promise<Page<StatementSummary>> {
    const before = query.before ?? null;
    const statements = await this.statements.list({ before, limit: ITEMS_PER_PAGE });
    const items = statements.map((statement) => presentStatement(statement, false));
    return pageOf(items, ({ statementId }) => statementId);
  }

  @Get('statements/:id')
  async statement(@Param('id') id: string): Promise<StatementDetail> {
    const statement = found(await this.statements.find(needId('BankStatement', id)));
    const bankLines = await this.lines.ofStatement(id);
    return { ...presentStatement(statement, false), bankLines };
  }

  @Get('bank-lines')
  async bankLines(@ValidQuery(LinesQuery) query: LinesQuery): Promise<Page<BankLine>> {
    const { before = null, state = null, q: text = null } = query;
    const items = await this.lines.list({ before, state, text, limit: ITEMS_PER_PAGE });
    return pageOf(items, ({ bankLineId }) => bankLineId);
  }

  @Get('bank-lines/:id')
  async bankLine(@Param('id') id: string): Promise<BankLine> {
    return found(await this.lines.find(needId('BankLine', id)));
  }

  @Get('bank-lines/:id/choices')
  async choices(@Param('id') id: string): Promise<LineChoices> {
    return found(await this.search.choices(needId('BankLine', id)));
  }

  /** A person says what the line is: one payout of ours, or one of the PSP. */
  @Post('bank-lines/:id/place')
  @HttpCode(200)
  async place(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(PlaceBody) body: PlaceBody,
  ): Promise<BankLine> {
    const lineId = needId('BankLine', id);
    const { payoutId, pspPayoutId, note } = body;
    if ((payoutId === undefined) === (pspPayoutId === undefined)) {
      const rule = 'name either a payout or a payout of the PSP';
      throw new Refusal('PARAM_ERROR', { field: 'payoutId', rule });
    }
    await this.placeBankLine.run({
      ...{ lineId, note, person: who.id },
      ...(payoutId === undefined ? {} : { payoutId }),
      ...(pspPayoutId === undefined ? {} : { pspPayoutId }),
    });
    return found(await this.lines.find(lineId));
  }

  /** Takes back what the line was said to be; it is then a person's to place. */
  @Post('bank-lines/:id/unmatch')
  @HttpCode(200)
  @Needs('finance')
  async unmatch(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(UnmatchBody) body: UnmatchBody,
  ): Promise<BankLine> {
    const lineId = needId('BankLine', id);
    const by = { id: who.id, name: who.name };
    await this.unmatchBankLine.run({ lineId, by, reason: body.reason });
    return found(await this.lines.find(lineId));
  }

  @Get('payouts')
  async payouts(@ValidQuery(PayoutsQuery) query: PayoutsQuery): Promise<Page<PayoutSummary>> {
    const { before = null, state = null, q: text = null } = query;
    const items = await this.search.payouts({ before, state, text, limit: ITEMS_PER_PAGE });
    return pageOf(items, ({ payoutId }) => payoutId);
  }

  /** The bank answered that it does not pay it. */
  @Post('payouts/:id/reject')
  @HttpCode(200)
  async reject(
    @Param('id') id: string,
    @ValidBody(RejectBody) body: RejectBody,
  ): Promise<PayoutSummary> {
    const payoutId = needId('Payout', id);
    await this.rejectPayout.run({ payoutId, code: body.reasonCode });
    return found(await this.finance.payout(payoutId));
  }

  /** The account is right although the bank sent money back. */
  @Post('payees/:mchid/confirm')
  @HttpCode(204)
  @Needs('finance')
  async confirm(@Param('mchid') mchid: string): Promise<void> {
    await this.keepPayee.confirm(needMerchant(mchid));
  }
}
