import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isSameSecret, isStorableText } from '@stuiver/http';
import type { Clock, Random } from '@stuiver/ports';
import { RedeemLoginCode } from '../../../use-cases/redeem-login-code.js';
import { WIRE_OPTIONS } from '../wire-options.js';
import { PostgresMiniPrograms } from '../../postgres/mini-programs.js';
import { AttemptLimit } from './attempt-limit.js';

/** WeChat answers errors with 200 and these numbers. */
const ERRORS = {
  40002: 'invalid grant_type',
  40013: 'invalid appid',
  40029: 'invalid code',
  40125: 'invalid appsecret',
  40163: 'code been used',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  45011: 'api minute-quota reach limit, please try again later',
} as const;
type ErrorCode = keyof typeof ERRORS;

type SessionAnswer =
  { openid: string; session_key: string } | { errcode: ErrorCode; errmsg: string };

const TEXT_CHARACTERS_MAX = 128;
const SESSION_KEY_BYTES = 16;

/** `GET /sns/jscode2session`: a mini-program's server learns who `wx.login` logged in. */
@Controller('sns')
export class JsCodeToSessionController {
  private readonly limit: AttemptLimit;

  constructor(
    @Inject(RedeemLoginCode) private readonly redeemLoginCode: RedeemLoginCode,
    @Inject(PostgresMiniPrograms) private readonly programs: PostgresMiniPrograms,
    @Inject(WIRE_OPTIONS)
    private readonly options: { readonly clock: Clock; readonly random: Random },
  ) {
    this.limit = new AttemptLimit(options.clock);
  }

  @Get('jscode2session')
  async get(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
  ): Promise<SessionAnswer> {
    const appid = textOf(query, 'appid');
    if (appid === null) return refuse(41002);
    const caller = `${appid} ${request.ip}`;
    if (this.limit.isReached(caller)) return refuse(45011);
    const answer = await this.answer(appid, query);
    if ('errcode' in answer) this.limit.fail(caller);
    return answer;
  }

  private async answer(appid: string, query: Record<string, unknown>): Promise<SessionAnswer> {
    const secret = textOf(query, 'secret');
    const code = textOf(query, 'js_code');
    if (secret === null) return refuse(41004);
    if (code === null) return refuse(41008);
    if (textOf(query, 'grant_type') !== 'authorization_code') return refuse(40002);

    const expected = await this.programs.appSecret(appid);
    if (expected === null) return refuse(40013);
    if (!isSameSecret(secret, expected)) return refuse(40125);

    const redeemed = await this.redeemLoginCode.run({ appid, code });
    if ('errcode' in redeemed) return refuse(redeemed.errcode);
    // Nothing is encrypted with a session key yet; it is fresh and secret all the same.
    const sessionKey = Buffer.from(this.options.random.bytes(SESSION_KEY_BYTES)).toString('base64');
    return { openid: redeemed.openid, session_key: sessionKey };
  }
}

function textOf(query: Record<string, unknown>, name: string): string | null {
  const value = query[name];
  if (typeof value !== 'string' || value === '' || value.length > TEXT_CHARACTERS_MAX) return null;
  return isStorableText(value) ? value : null;
}

function refuse(errcode: ErrorCode): SessionAnswer {
  return { errcode, errmsg: ERRORS[errcode] };
}
