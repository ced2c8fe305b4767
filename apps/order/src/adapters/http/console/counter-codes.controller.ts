import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsBoolean, IsIn, IsISO8601, IsString, Length, Matches } from 'class-validator';
import type { CounterCodeSummary, Page, SwitchedCounterCode } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidBody, ValidQuery } from '@stuiver/http';
import { Money } from '@stuiver/money';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import type { CounterPrice } from '../../../domain/counter-code.js';
import { MakeCounterCode } from '../../../use-cases/counter/make-counter-code.js';
import { SwitchCounterCode } from '../../../use-cases/counter/switch-counter-code.js';
import { PostgresConsoleCodes } from '../../postgres/console-codes.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { MINOR, MINOR_SAYS, Optional, REQUEST_ID, REQUEST_ID_SAYS } from '../rules.js';

const CODE_ID = /^ctr_[0-9a-z]{26}$/;
const ROWS_PER_PAGE = 50;

class CodesQuery {
  @IsIn(['static', 'link']) readonly kind!: 'static' | 'link';
  @Optional()
  @Matches(CODE_ID, { message: '$property must be a code id' })
  readonly before?: string;
}

class MakeCodeBody {
  @IsIn(['static', 'link']) readonly kind!: 'static' | 'link';
  @IsString() @Length(1, 70) readonly description!: string;
  @IsString() @Matches(REQUEST_ID, { message: REQUEST_ID_SAYS }) readonly requestId!: string;
  /** Absent: the payer types it, from `minMinor` to `maxMinor`. */
  @Optional() @IsString() @Matches(MINOR, { message: MINOR_SAYS }) readonly amountMinor?: string;
  @Optional() @IsString() @Matches(MINOR, { message: MINOR_SAYS }) readonly minMinor?: string;
  @Optional() @IsString() @Matches(MINOR, { message: MINOR_SAYS }) readonly maxMinor?: string;
  /** Of a link. */
  @Optional()
  @IsString()
  @Matches(/^([1-9]\d{0,2}|1000)$/, { message: '$property must be from 1 to 1000, as text' })
  readonly paymentsMax?: string;
  @Optional() @IsISO8601({ strict: true }) readonly expiresAt?: string;
}

class SwitchCodeBody {
  @IsBoolean() readonly on!: boolean;
}

/** A merchant's printed QR codes and payment links: what payers open without the merchant's doing. */
@Controller('console/merchants/:mchid/codes')
@UseGuards(StaffGuard)
export class CounterCodesController {
  constructor(
    @Inject(PostgresConsoleCodes) private readonly codes: PostgresConsoleCodes,
    @Inject(MakeCounterCode) private readonly makeCode: MakeCounterCode,
    @Inject(SwitchCounterCode) private readonly switchCode: SwitchCounterCode,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Get()
  async list(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidQuery(CodesQuery) query: CodesQuery,
  ): Promise<Page<CounterCodeSummary>> {
    requireMerchant(staff, mchid);
    const { kind, before = null } = query;
    const now = this.options.clock.now();
    const rows = await this.codes.page({ mchid, kind, before, limit: ROWS_PER_PAGE + 1, now });
    const items = rows.slice(0, ROWS_PER_PAGE);
    const next = rows.length > ROWS_PER_PAGE ? (items.at(-1)?.codeId ?? null) : null;
    return { items, next };
  }

  @Get(':id')
  async one(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('id') id: string,
  ): Promise<CounterCodeSummary> {
    requireMerchant(staff, mchid);
    return this.find(mchid, id);
  }

  /** The same `requestId` twice is one code. */
  @Post()
  @HttpCode(200)
  @Needs('merchant', 'operator')
  async make(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidBody(MakeCodeBody) body: MakeCodeBody,
  ): Promise<CounterCodeSummary> {
    requireMerchant(staff, mchid);
    const { kind, description, requestId } = body;
    const code = await this.makeCode.run({
      ...{ mchid, kind, description, requestId, createdBy: staff.id },
      ...{ price: priceOf(body), ...endOf(body) },
    });
    return this.find(mchid, code.id);
  }

  /** Switches a printed code off or on again; a link is withdrawn for ever. */
  @Post(':id/switch')
  @HttpCode(200)
  @Needs('merchant', 'operator')
  async switch(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('id') id: string,
    @ValidBody(SwitchCodeBody) body: SwitchCodeBody,
  ): Promise<SwitchedCounterCode> {
    requireMerchant(staff, mchid);
    await this.find(mchid, id);
    const { underWay } = await this.switchCode.run({ mchid, id }, body.on);
    return { code: await this.find(mchid, id), underWay };
  }

  private async find(mchid: string, id: string): Promise<CounterCodeSummary> {
    const now = this.options.clock.now();
    const code = CODE_ID.test(id) ? await this.codes.one(mchid, id, now) : undefined;
    if (code === undefined) throw new Refusal('NOT_FOUND', { code: id.slice(0, 60) });
    return code;
  }
}

/** @throws Refusal PARAM_ERROR unless it is one amount, or two of which the first is not above the second */
function priceOf({ kind, amountMinor, minMinor, maxMinor }: MakeCodeBody): CounterPrice {
  const [fixed, min, max] = [amountMinor, minMinor, maxMinor].map((text) =>
    text === undefined ? null : Money.ofMinor(BigInt(text), 'EUR'),
  );
  if (fixed && !min && !max) return { fixed, min: null, max: null };
  const isTyped = !fixed && min && max && min.minor <= max.minor;
  if (isTyped && kind === 'static') return { fixed: null, min, max };
  throw new Refusal('PARAM_ERROR', {
    field: 'amountMinor',
    rule: 'must be given, or for a printed code minMinor and a maxMinor that is not below it',
  });
}

/** @throws Refusal PARAM_ERROR unless a link, and nothing else, says when and after how many payments it is over */
function endOf({ kind, paymentsMax, expiresAt }: MakeCodeBody): {
  paymentsMax: number | null;
  expiresAt: Date | null;
} {
  const isLink = kind === 'link';
  if (isLink !== (paymentsMax !== undefined) || isLink !== (expiresAt !== undefined)) {
    const rule = 'must be given for a link, together with expiresAt, and only then';
    throw new Refusal('PARAM_ERROR', { field: 'paymentsMax', rule });
  }
  return {
    paymentsMax: paymentsMax === undefined ? null : Number(paymentsMax),
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
  };
}
