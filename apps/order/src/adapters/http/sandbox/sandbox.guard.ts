import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';

const OWN_HOST = /^(127\.0\.0\.1|localhost|[a-z0-9-]+\.localhost)(:\d{1,5})?$/i;

/**
 * Only in sandbox, and only by a name of this very machine: a page on the internet that points its own name here gets
 * nothing.
 */
@Injectable()
export class SandboxGuard implements CanActivate {
  constructor(@Inject(PAGE_OPTIONS) private readonly options: PageOptions) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!this.options.sandbox) throw new Refusal('NOT_FOUND');
    if (OWN_HOST.test(headers.host ?? '')) return true;
    throw new Refusal('NO_AUTH', { field: 'Host', rule: 'must be 127.0.0.1 or a localhost name' });
  }
}
