import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { invariant } from '@stuiver/errors';
import { PayerSession } from './payer-session.js';

const payersOfRequests = new WeakMap<object, string>();

/** Lets in who has a session. @throws Refusal NOT_SIGNED_IN, NO_AUTH */
@Injectable()
export class PayerGuard implements CanActivate {
  constructor(@Inject(PayerSession) private readonly session: PayerSession) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    payersOfRequests.set(request.raw, await this.session.payerOf(request));
    return true;
  }
}

/** `@Payer() userId: string` behind the PayerGuard. */
export const Payer = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const userId = payersOfRequests.get(request.raw);
  invariant(userId !== undefined, 'who asks for the payer stands behind the guard');
  return userId;
});
