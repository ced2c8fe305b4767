import { Controller, Get, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IsString, Matches } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { FindCounterCode } from '../../../use-cases/counter/find-counter-code.js';
import { OpenCodeOrder } from '../../../use-cases/counter/open-code-order.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { MINOR, MINOR_SAYS, Optional, REQUEST_ID, REQUEST_ID_SAYS } from '../rules.js';
import { AttemptLimit } from '../sns/attempt-limit.js';

const CODE = /^[\w-]{22}$/;

class OpenCodeOrderBody {
  @IsString() @Matches(REQUEST_ID, { message: REQUEST_ID_SAYS }) readonly request_id!: string;
  @Optional() @IsString() @Matches(MINOR, { message: MINOR_SAYS }) readonly amount_minor?: string;
}

/** A printed QR code or a payment link, opened by a payer. */
@Controller('checkout/codes')
@UseGuards(PayerGuard)
export class CounterCodeController {
  /** Codes tried in vain, by address. */
  private readonly guesses: AttemptLimit;
  /** Orders asked for, by payer: a page in a loop makes no heap of them. */
  private readonly orders: AttemptLimit;

  constructor(
    @Inject(FindCounterCode) private readonly findCode: FindCounterCode,
    @Inject(OpenCodeOrder) private readonly openCodeOrder: OpenCodeOrder,
    @Inject(PAGE_OPTIONS) options: PageOptions,
  ) {
    this.guesses = new AttemptLimit(options.clock);
    this.orders = new AttemptLimit(options.clock);
  }

  /** Makes nothing yet. */
  @Get(':code')
  async get(@Param('code') text: string, @Req() request: FastifyRequest): Promise<object> {
    const { code, state, merchantName } = await this.find(text, request);
    const { fixed, min, max } = code.price;
    return {
      ...{ kind: code.kind, state, payee: { name: merchantName }, description: code.description },
      amount_minor: fixed?.minor.toString() ?? null,
      min_minor: min?.minor.toString() ?? null,
      max_minor: max?.minor.toString() ?? null,
      currency: 'EUR',
    };
  }

  /** The same `request_id` twice is one order. @returns the code of a sheet. */
  @Post(':code/orders')
  @HttpCode(200)
  async open(
    @Payer() userId: string,
    @Param('code') text: string,
    @ValidBody(OpenCodeOrderBody) body: OpenCodeOrderBody,
    @Req() request: FastifyRequest,
  ): Promise<{ code: string }> {
    const { code } = await this.find(text, request);
    for (const key of [userId, request.ip]) {
      if (this.orders.isReached(key)) throw tooOften();
      this.orders.fail(key);
    }
    return {
      code: await this.openCodeOrder.run({
        ...{ code: code.code, userId, requestId: body.request_id },
        amountMinor: body.amount_minor === undefined ? null : BigInt(body.amount_minor),
      }),
    };
  }

  private async find(text: string, request: FastifyRequest): ReturnType<FindCounterCode['run']> {
    if (this.guesses.isReached(request.ip)) throw tooOften();
    try {
      return await this.findCode.run(CODE.test(text) ? text : '');
    } catch (error) {
      if (error instanceof Refusal && error.code === 'NOT_FOUND') this.guesses.fail(request.ip);
      throw error;
    }
  }
}

function tooOften(): Refusal {
  return new Refusal('FREQUENCY_LIMITED', { rule: 'at most sixty times a minute' });
}
