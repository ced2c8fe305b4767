import {
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Res,
  UseGuards,
} from '@nestjs/common';
import { IsIn, Matches } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type {
  FeeInvoice as InvoiceView,
  FeeInvoices,
  FeeInvoicesIssued,
} from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, ValidBody, ValidQuery } from '@stuiver/http';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { type FeeInvoice, invoiceNumber } from '../../../domain/fee-invoice.js';
import { IssueFeeInvoices, type Issued } from '../../../use-cases/invoices/issue-fee-invoices.js';
import { PostgresFeeInvoices } from '../../postgres/fee-invoices.js';
import { Optional } from '../rules.js';
import { invoiceCsv } from './invoice-csv.js';
import { invoicePdf } from './invoice-pdf.js';
import type { InvoiceLanguage } from './invoice-words.js';

const NUMBER = /^(20\d\d)-(\d{6})$/;

class MonthBody {
  @Matches(/^20\d\d-(0[1-9]|1[0-2])$/, { message: '$property must be a month such as 2026-11' })
  readonly month!: string;
}

class PaperQuery {
  @Optional() @IsIn(['nl', 'en']) readonly lang?: InvoiceLanguage;
}

/** The invoices of all merchants, and making those of a month. */
@Controller('console/fee-invoices')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class FeeInvoicesController {
  constructor(
    @Inject(PostgresFeeInvoices) private readonly invoices: PostgresFeeInvoices,
    @Inject(IssueFeeInvoices) private readonly issue: IssueFeeInvoices,
  ) {}

  @Get()
  async list(): Promise<FeeInvoices> {
    const invoices = await this.invoices.list({ mchid: null, month: null });
    return { invoices: invoices.map(present) };
  }

  @Post()
  @HttpCode(200)
  async make(@ValidBody(MonthBody) { month }: MonthBody): Promise<FeeInvoicesIssued> {
    return presentIssued(await this.issue.run(month));
  }
}

/** The same for whoever has the operator's token, so that a clock can do it every month. */
@Controller('operator/fee-invoices')
@UseGuards(OperatorGuard)
export class OperatorFeeInvoicesController {
  constructor(@Inject(IssueFeeInvoices) private readonly issue: IssueFeeInvoices) {}

  @Post()
  @HttpCode(200)
  async make(@ValidBody(MonthBody) { month }: MonthBody): Promise<FeeInvoicesIssued> {
    return presentIssued(await this.issue.run(month));
  }
}

/** A merchant's invoices, for its own people and for ours. */
@Controller('console/merchants/:mchid/fee-invoices')
@UseGuards(StaffGuard)
export class MerchantFeeInvoicesController {
  constructor(@Inject(PostgresFeeInvoices) private readonly invoices: PostgresFeeInvoices) {}

  @Get()
  async list(@SignedIn() staff: StaffClaims, @Param('mchid') mchid: string): Promise<FeeInvoices> {
    requireMerchant(staff, mchid);
    const invoices = await this.invoices.list({ mchid, month: null });
    return { invoices: invoices.map(present) };
  }

  @Get(':number/csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('cache-control', 'no-store')
  async csv(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('number') number: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    requireMerchant(staff, mchid);
    const invoice = await this.find(mchid, number);
    reply.header('content-disposition', attachment(invoice, 'csv'));
    return invoiceCsv(invoice);
  }

  @Get(':number/pdf')
  @Header('cache-control', 'no-store')
  async pdf(
    @SignedIn() staff: StaffClaims,
    @Param() { mchid, number }: { mchid: string; number: string },
    @ValidQuery(PaperQuery) { lang = 'nl' }: PaperQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireMerchant(staff, mchid);
    const invoice = await this.find(mchid, number);
    const paper = await invoicePdf(invoice, lang);
    reply.header('content-disposition', attachment(invoice, 'pdf'));
    await reply.type('application/pdf').send(paper);
  }

  private async find(mchid: string, number: string): Promise<FeeInvoice> {
    const [, year, no] = NUMBER.exec(number) ?? [];
    const of = { year: Number(year), no: Number(no) };
    const isNumber = year !== undefined && no !== undefined;
    const invoice = isNumber ? await this.invoices.byNumber(mchid, of) : undefined;
    if (invoice === undefined) throw new Refusal('NOT_FOUND', { invoice: number.slice(0, 20) });
    return invoice;
  }
}

function attachment(invoice: FeeInvoice, kind: 'csv' | 'pdf'): string {
  return `attachment; filename="stuiver-${invoiceNumber(invoice)}.${kind}"`;
}

function presentIssued({ made, waiting }: Issued): FeeInvoicesIssued {
  return { made: made.map(present), waiting };
}

function present(invoice: FeeInvoice): InvoiceView {
  const { mchid, name, month, issuedAt, net, tax } = invoice;
  return {
    ...{ number: invoiceNumber(invoice), mchid, name, month, issuedAt: issuedAt.toISOString() },
    netMinor: net.minor.toString(),
    vatMinor: tax.minor.toString(),
    totalMinor: net.plus(tax).minor.toString(),
  };
}
