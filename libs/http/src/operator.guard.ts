import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { actAs } from '@stuiver/ports';

/** The secret of whoever operates this installation (a file beside the data); text. */
export const OPERATOR_TOKEN = Symbol('OPERATOR_TOKEN');

/** Lets in requests with `Authorization: Bearer <operator token>`. @throws Refusal NOT_SIGNED_IN */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: string) {}

  canActivate(context: ExecutionContext): boolean {
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (this.token !== '' && isSameSecret(authorization, `Bearer ${this.token}`)) {
      actAs({ kind: 'operator' });
      return true;
    }
    throw new Refusal('NOT_SIGNED_IN', {
      field: 'Authorization',
      rule: 'must be Bearer followed by the operator token',
    });
  }
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
