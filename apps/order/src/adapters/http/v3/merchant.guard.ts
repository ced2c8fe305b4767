import { createHash } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { rawBodyOf } from '@stuiver/http';
import {
  type Authorization,
  isSignedBy,
  ParsedKeys,
  parseAuthorization,
  requestText,
  signFacts,
} from '@stuiver/merchant-wire';
import type { Clock } from '@stuiver/ports';
import { WIRE_OPTIONS } from '../wire-options.js';
import { PostgresMerchants, type Signer } from '../../postgres/merchants.js';
import { PostgresNonces } from '../../postgres/nonces.js';
import { rememberSigner } from './signed-by.js';

const CLOCK_TOLERANCE_SECONDS = 300;

/**
 * Lets in requests that a merchant signed (section 1.1): over the raw target and the raw bytes, now, with a nonce that
 * no other request used.
 */
@Injectable()
export class MerchantGuard implements CanActivate {
  private readonly parsedKeys = new ParsedKeys();

  constructor(
    @Inject(PostgresMerchants) private readonly merchants: PostgresMerchants,
    @Inject(PostgresNonces) private readonly nonces: PostgresNonces,
    @Inject(WIRE_OPTIONS) private readonly options: { readonly clock: Clock },
  ) {}

  /** @throws Refusal SIGN_ERROR saying which part does not fit. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const authorization = parseAuthorization(request.headers.authorization);
    const now = this.options.clock.now();
    refuseStale(authorization.timestamp, now);

    const signer = await this.findSigner(authorization, now);
    const text = this.verify(request, authorization, signer);
    const { mchid, nonce } = authorization;
    const fingerprint = createHash('sha256').update(text).digest();
    if (!(await this.nonces.take({ mchid, nonce, fingerprint, now }))) {
      throw wrong('nonce_str', 'was used with another request');
    }
    rememberSigner(request.raw, { ...signer, nonce });
    return true;
  }

  private async findSigner({ mchid, serialNo }: Authorization, now: Date): Promise<Signer> {
    const signer = await this.merchants.signer(mchid, serialNo);
    if (signer === 'no merchant') throw wrong('mchid', 'is of no merchant here', mchid);
    if (signer === 'no certificate') {
      throw wrong('serial_no', 'is of no living certificate of this merchant', serialNo);
    }
    if (signer.notAfter < now) throw wrong('serial_no', 'is of an expired certificate', serialNo);
    return signer;
  }

  private verify(request: FastifyRequest, authorization: Authorization, signer: Signer): Buffer {
    const { timestamp, nonce, signature } = authorization;
    const target = request.raw.url ?? '';
    const { method } = request;
    const text = requestText({ method, target, timestamp, nonce, body: rawBodyOf(request) });
    if (isSignedBy(this.parsedKeys.of(signer.publicKeyPem), text, signature)) return text;
    throw new Refusal('SIGN_ERROR', {
      field: 'signature',
      rule: 'sign not match',
      location: 'authorization',
      ...signFacts({ method, target, text }),
    });
  }
}

function refuseStale(timestamp: string, now: Date): void {
  const nowSeconds = Math.floor(now.getTime() / 1000);
  if (Math.abs(nowSeconds - Number(timestamp)) <= CLOCK_TOLERANCE_SECONDS) return;
  const limit = `must be within ${String(CLOCK_TOLERANCE_SECONDS)} s of our clock, now ${String(nowSeconds)}`;
  throw wrong('timestamp', limit, timestamp);
}

function wrong(field: string, rule: string, value?: string): Refusal {
  return new Refusal('SIGN_ERROR', {
    field,
    rule,
    ...(value === undefined ? {} : { value }),
    location: 'authorization',
  });
}
