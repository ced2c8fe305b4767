import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { LedgerCommandKind } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { isSameSecret } from '@stuiver/http';

export type LedgerCaller = 'order' | 'payout';

/** What each caller may submit, and which accounts it may look at: no more than its business needs. */
const MAY: Readonly<
  Record<LedgerCaller, { commands: ReadonlySet<LedgerCommandKind>; voids: boolean; reads: RegExp }>
> = {
  order: {
    commands: new Set([
      'payment',
      'late-payment',
      'refund-request',
      'refund-success',
      'refund-return',
      'top-up',
    ]),
    voids: true,
    reads: /^(user|merchant):/,
  },
  payout: {
    commands: new Set([
      'settlement-close',
      'payout-approve',
      'payout-settle',
      'payout-return',
      'psp-fee',
      'psp-payout',
      'psp-payout-failure',
      'psp-merchant-payout',
      'psp-merchant-payout-failure',
      'psp-payout-arrival',
      'bank-line-unplaced',
      'bank-line-placed',
    ]),
    voids: false,
    reads: /^(merchant|psp|bank|suspense|refund|fees|equity|loss):/,
  },
};

/** The secret of each caller; a caller without one cannot call. */
export type LedgerCredentials = Readonly<Record<LedgerCaller, string>>;

export const LEDGER_CREDENTIALS = Symbol('LEDGER_CREDENTIALS');

/** Lets in `Authorization: Bearer <caller>:<secret>`. @throws Refusal NOT_SIGNED_IN. */
@Injectable()
export class LedgerCallerGuard implements CanActivate {
  constructor(@Inject(LEDGER_CREDENTIALS) private readonly credentials: LedgerCredentials) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const given = request.headers.authorization ?? '';
    // Both are compared whatever the first says: how long it takes tells nothing.
    const fitting = (Object.keys(MAY) as LedgerCaller[]).filter(
      (caller) =>
        isSameSecret(given, `Bearer ${caller}:${this.credentials[caller]}`) &&
        this.credentials[caller] !== '',
    );
    const [caller] = fitting;
    if (caller === undefined) throw new Refusal('NOT_SIGNED_IN', { field: 'Authorization' });
    callers.set(request, caller);
    return true;
  }
}

const callers = new WeakMap<FastifyRequest, LedgerCaller>();

/** @throws Refusal NO_AUTH when this caller has no business with it. */
export function needMay(
  request: FastifyRequest,
  wish: { submit: LedgerCommandKind } | { read: string } | { void: true } | { readAll: true },
): void {
  const caller = callers.get(request);
  const may = caller === undefined ? undefined : MAY[caller];
  if (may !== undefined && isAllowed(may, wish)) return;
  throw new Refusal('NO_AUTH', { rule: `is not ${caller ?? 'nobody'}’s to ask` });
}

function isAllowed(may: (typeof MAY)[LedgerCaller], wish: Parameters<typeof needMay>[1]): boolean {
  if ('submit' in wish) return may.commands.has(wish.submit);
  if ('read' in wish) return may.reads.test(wish.read);
  if ('void' in wish) return may.voids;
  return may.reads.test('bank:');
}
