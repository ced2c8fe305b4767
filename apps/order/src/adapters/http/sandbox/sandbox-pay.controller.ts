import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import type { PayMethod } from '../../../domain/order.js';
import { SandboxPay, type SandboxPayment } from '../../../use-cases/sandbox-pay.js';
import { Optional } from '../rules.js';
import { SandboxGuard } from './sandbox.guard.js';

export class SandboxPayBody {
  @Optional() @IsString() @Length(1, 64) readonly prepay_id?: string;
  @Optional() @IsString() @Length(1, 512) readonly code_url?: string;
  @Optional() @IsString() @Length(1, 128) readonly openid?: string;
  @IsIn(['wallet', 'ideal', 'card']) readonly method!: PayMethod;
  @IsIn(['success', 'cancel', 'fail', 'abandon']) readonly outcome!: SandboxPayment['outcome'];
}

const CODE = /\/p\/([0-9A-Za-z_-]{1,64})$/;

/** `POST /sandbox/pay`: a payer without a browser. */
@Controller('sandbox')
@UseGuards(SandboxGuard)
export class SandboxPayController {
  constructor(@Inject(SandboxPay) private readonly sandboxPay: SandboxPay) {}

  @Post('pay')
  @HttpCode(200)
  async post(
    @Req() request: FastifyRequest,
    @ValidBody(SandboxPayBody) body: SandboxPayBody,
  ): Promise<{ errMsg: string; trade_state: string }> {
    // A web page elsewhere can send a form or plain text here, but not JSON without asking first.
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      throw new Refusal('PARAM_ERROR', { field: 'Content-Type', rule: 'must be application/json' });
    }
    const { openid = null, method, outcome } = body;
    const paid = await this.sandboxPay.run({ ticket: ticketOf(body), openid, method, outcome });
    return { errMsg: paid.errMsg, trade_state: paid.tradeState };
  }
}

function ticketOf({ prepay_id, code_url }: SandboxPayBody): SandboxPayment['ticket'] {
  if (prepay_id !== undefined) return { prepayId: prepay_id };
  const code = CODE.exec(code_url ?? '')?.[1];
  if (code !== undefined) return { code };
  const field = code_url === undefined ? 'prepay_id' : 'code_url';
  throw new Refusal('PARAM_ERROR', { field, rule: 'must be what the order answered' });
}
