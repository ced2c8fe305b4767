import type { IncomingMessage } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { invariant, Refusal } from '@stuiver/errors';
import type { Signer } from '../../postgres/merchants.js';

/** Who signed this request; remembered beside it, since the answer's signature needs it too. */
export interface SignedBy extends Signer {
  readonly nonce: string;
}

const signers = new WeakMap<IncomingMessage, SignedBy>();

export function rememberSigner(request: IncomingMessage, signer: SignedBy): void {
  signers.set(request, signer);
}

export function signerOf(request: IncomingMessage | null): SignedBy | null {
  return request === null ? null : (signers.get(request) ?? null);
}

/** `@Merchant() merchant: SignedBy` — behind MerchantGuard only. */
export const Merchant = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const signer = signerOf(context.switchToHttp().getRequest<FastifyRequest>().raw);
  invariant(signer !== null, 'a handler that names the merchant is behind MerchantGuard');
  return signer;
});

/** The mchid in body or query must be the signer's. @throws Refusal PARAM_ERROR */
export function requireOwnMchid(
  mchid: string,
  merchant: SignedBy,
  location: 'body' | 'query',
): void {
  if (mchid === merchant.mchid) return;
  throw new Refusal('PARAM_ERROR', {
    field: 'mchid',
    rule: 'must be the merchant that signed the request',
    value: mchid,
    location,
  });
}
