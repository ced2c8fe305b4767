import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsInt, IsString, Length, Matches, Max, Min, ValidateIf } from 'class-validator';
import type { SettlementTermsAnswer } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { Money } from '@stuiver/money';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { PostgresSettlementTerms } from '../postgres/settlement-terms.js';
import { CONSOLE_TOOLS, type ConsoleTools } from './console-batches.controller.js';
import { needMerchant } from './console-rules.js';
import { presentTerms } from './present-terms.js';

const VERSIONS_SHOWN = 50;
const LAST_DAY = { week: 7, month: 31 } as const;

class TermsBody {
  /** The version that was on the page. */
  @IsInt() @Min(0) readonly after!: number;
  @IsIn(['day', 'week', 'month', 'asked']) readonly every!: SettlementTermsAnswer['every'];
  @ValidateIf((_dto: object, value: unknown) => value !== null)
  @IsInt()
  @Min(1)
  @Max(LAST_DAY.month)
  readonly onDay!: number | null;
  @IsString()
  @Matches(/^(0|[1-9]\d{0,8})$/, { message: '$property must be cents, up to a million euros' })
  readonly minimumMinor!: string;
  @IsString() @Length(1, 500) readonly reason!: string;
}

/** On which terms a merchant is settled, and what they were. */
@Controller('console/finance/settlement-terms')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class ConsoleTermsController {
  constructor(
    @Inject(PostgresSettlementTerms) private readonly terms: PostgresSettlementTerms,
    @Inject(CONSOLE_TOOLS) private readonly tools: ConsoleTools,
  ) {}

  /** `versions` newest first. */
  @Get(':mchid')
  async show(
    @Param('mchid') mchid: string,
  ): Promise<{ terms: SettlementTermsAnswer; versions: readonly SettlementTermsAnswer[] }> {
    const versions = await this.terms.history(needMerchant(mchid), VERSIONS_SHOWN);
    return {
      terms: presentTerms(await this.terms.of(mchid)),
      versions: versions.map(presentTerms),
    };
  }

  @Post(':mchid')
  @HttpCode(200)
  @Needs('finance')
  async say(
    @SignedIn() who: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidBody(TermsBody) body: TermsBody,
  ): Promise<SettlementTermsAnswer> {
    const { after, every, onDay, minimumMinor, reason } = body;
    needDay(every, onDay);
    const minimum = Money.ofMinor(BigInt(minimumMinor), 'EUR');
    await this.terms.say(needMerchant(mchid), {
      ...{ after, reason, terms: { every, onDay, minimum } },
      ...{ by: { id: who.id, name: who.name }, at: this.tools.clock.now() },
    });
    return presentTerms(await this.terms.of(mchid));
  }
}

/** @throws Refusal PARAM_ERROR when the schedule wants a day and has none, or the reverse. */
function needDay(every: SettlementTermsAnswer['every'], onDay: number | null): void {
  const last = every === 'week' || every === 'month' ? LAST_DAY[every] : 0;
  const fits = last === 0 ? onDay === null : onDay !== null && onDay <= last;
  if (fits) return;
  const rule = last === 0 ? `is null with ${every}` : `is 1 to ${String(last)} with ${every}`;
  throw new Refusal('PARAM_ERROR', { field: 'onDay', rule, why: 'day-does-not-fit' });
}
