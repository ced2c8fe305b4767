import { createHash } from 'node:crypto';
import { Controller, Get, Inject, Param, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { isSameSecret, rawBodyOf } from '@stuiver/http';
import { MerchantAccess } from '../../use-cases/merchant-access.js';
import { RunPayouts } from '../../use-cases/run-payouts.js';
import { type SettlementSummary, SettlementView } from '../postgres/settlement-view.js';
import { LedgerEdge } from './ledger-edge.js';
import { needFile, sendSettlement } from './settlement-files.js';
import { type Language, listPage, messagePage, statementPage } from './settlement-pages.js';

/** Whether the day-one button is offered: in the sandbox one click is maker and checker of the demo. */
export const OFFERS_PAYOUT_BUTTON = Symbol('OFFERS_PAYOUT_BUTTON');

const SETTLEMENT_ID = /^stl_[0-9a-z]{26}$/;
const COOKIE = 'stuiver_merchant';
const SESSION = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{43})(?:;|$)`);
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

interface Visit {
  readonly merchantId: string;
  readonly csrf: string;
  readonly language: Language;
}

/** The merchant's own pages: settlements down to the ledger's transfers. Plain HTML, no script. */
@Controller('settlements')
@UseInterceptors(LedgerEdge)
export class MerchantPagesController {
  constructor(
    @Inject(MerchantAccess) private readonly access: MerchantAccess,
    @Inject(SettlementView) private readonly view: SettlementView,
    @Inject(RunPayouts) private readonly runPayouts: RunPayouts,
    @Inject(OFFERS_PAYOUT_BUTTON) private readonly offersButton: boolean,
  ) {}

  @Get('open/:token')
  async open(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const session = await this.access.openLink(token);
    if (session === undefined) {
      await send(reply, 410, messagePage(languageOf(request), 'linkOver'));
      return;
    }
    const secure = request.protocol === 'https' ? '; Secure' : '';
    reply.header(
      'set-cookie',
      `${COOKIE}=${session}; Path=/settlements; HttpOnly; SameSite=Lax${secure}`,
    );
    await reply.headers(SECURITY).code(303).header('location', '/settlements').send();
  }

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visit(request);
    const { before } = request.query as { before?: unknown };
    const settlements = await this.view.list(
      visit.merchantId,
      typeof before === 'string' && SETTLEMENT_ID.test(before) ? before : null,
    );
    const csrf = this.offersButton ? visit.csrf : null;
    await send(reply, 200, listPage({ language: visit.language, settlements, csrf }));
  }

  @Post('run')
  async run(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visit(request);
    const given = new URLSearchParams(rawBodyOf(request).toString('utf8')).get('csrf') ?? '';
    if (!this.offersButton || !isSameSecret(given, visit.csrf)) throw notThere();
    const run = await this.runPayouts.run({ maker: 'demo-maker', checker: 'demo-checker' });
    if (run.paid === null && run.settlements.length === 0) {
      await send(reply, 200, messagePage(visit.language, 'nothing'));
      return;
    }
    await reply.headers(SECURITY).code(303).header('location', '/settlements').send();
  }

  @Get(':id')
  async show(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { merchantId, language } = await this.visit(request);
    const settlement = await this.find(merchantId, id);
    const lines = await this.view.firstLines(merchantId, id);
    await send(reply, 200, statementPage({ language, settlement, lines }));
  }

  /** `lines.csv`, `lines.json` and `lines.pdf`. */
  @Get(':id/lines.:file')
  async download(
    @Param() { id, file }: { id: string; file: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { merchantId, language } = await this.visit(request);
    const settlement = await this.find(merchantId, id);
    const of = { merchantId, settlement, file: needFile(file), language };
    await sendSettlement(reply.headers(SECURITY), this.view, of);
  }

  /** @throws Refusal NOT_FOUND, also for another merchant's. */
  private async find(merchantId: string, id: string): Promise<SettlementSummary> {
    const found = SETTLEMENT_ID.test(id) ? await this.view.find(merchantId, id) : undefined;
    if (found === undefined) throw notThere();
    return found;
  }

  private async visit(request: FastifyRequest): Promise<Visit> {
    const session = SESSION.exec(request.headers.cookie ?? '')?.[1];
    const merchantId = session === undefined ? undefined : await this.access.merchantOf(session);
    if (session === undefined || merchantId === undefined) throw new Refusal('NOT_SIGNED_IN');
    const csrf = createHash('sha256').update(`csrf ${session}`).digest('base64url');
    return { merchantId, csrf, language: languageOf(request) };
  }
}

function notThere(): Refusal {
  return new Refusal('NOT_FOUND');
}

function languageOf(request: FastifyRequest): Language {
  return (request.headers['accept-language'] ?? '').toLowerCase().startsWith('en') ? 'en' : 'nl';
}

async function send(reply: FastifyReply, status: number, html: string): Promise<void> {
  await reply.headers(SECURITY).code(status).type('text/html; charset=utf-8').send(html);
}
