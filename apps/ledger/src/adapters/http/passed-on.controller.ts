import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  Inject,
  Injectable,
  Post,
  UseGuards,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { BulkAnswer } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { BodyBytesMax, isSameSecret, RawBody } from '@stuiver/http';
import type { SubmitBulk } from '../../use-cases/submit-bulk.js';
import { BULK_BYTES_MAX, listIn } from './command-body.js';
import { bearer } from './peer-ledger.js';

export const PEER_SECRET = Symbol('PEER_SECRET');
export const TAKE_PASSED_ON = Symbol('TAKE_PASSED_ON');

/** Lets in the other ledger processes of this database. @throws Refusal NOT_SIGNED_IN. */
@Injectable()
class PeerGuard implements CanActivate {
  constructor(@Inject(PEER_SECRET) private readonly secret: string) {}

  canActivate(context: ExecutionContext): boolean {
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (this.secret !== '' && isSameSecret(authorization, bearer(this.secret))) return true;
    throw new Refusal('NOT_SIGNED_IN', { field: 'Authorization' });
  }
}

/** What another ledger process took and gives to this one, because this one writes. An empty list asks: are you there? */
@Controller('internal/ledger')
@UseGuards(PeerGuard)
export class PassedOnController {
  constructor(@Inject(TAKE_PASSED_ON) private readonly takePassedOn: SubmitBulk<unknown>) {}

  @Post('passed-on')
  @HttpCode(200)
  @BodyBytesMax(BULK_BYTES_MAX)
  async take(@RawBody() body: Buffer): Promise<{ answers: readonly BulkAnswer[] }> {
    return { answers: await this.takePassedOn.run(listIn(body)) };
  }
}
