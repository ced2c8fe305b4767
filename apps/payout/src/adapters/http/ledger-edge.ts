import { type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';
import { LedgerUnavailable } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { PspUnknownOutcome } from '@stuiver/psp';

/** A ledger or PSP that does not answer is no fault of ours or theirs: come back later; what was begun is carried on with. */
export class LedgerEdge implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => worded(error))));
  }
}

function worded(error: unknown): unknown {
  if (error instanceof PspUnknownOutcome) {
    const facts = { rule: 'the PSP does not answer', why: 'psp-silent' };
    return new Refusal('PSP_UNREACHABLE', facts, { cause: error });
  }
  if (!(error instanceof LedgerUnavailable)) return error;
  const facts = {
    rule: 'the ledger does not answer; what was begun is carried on with',
    why: 'ledger-silent',
  };
  return new Refusal('SERVICE_UNAVAILABLE', facts, { cause: error });
}
