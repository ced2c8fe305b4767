import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { LedgerCommand, LedgerCommandKind } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

export type LedgerCaller = 'order' | 'payout';

/** What each caller may submit, and which accounts it may name and look at: no more than its business needs. */
const MAY: Readonly<
  Record<
    LedgerCaller,
    {
      readonly commands: ReadonlySet<LedgerCommandKind>;
      readonly voids: boolean;
      readonly closesPeriods: boolean;
      readonly reads: RegExp;
      /** Accounts that it may close or freeze. */
      readonly sets: RegExp;
    }
  >
> = {
  order: {
    commands: new Set([
      'payment',
      'late-payment',
      'refund-request',
      'refund-success',
      'refund-return',
      'dispute-withdrawal',
      'dispute-return',
      'top-up',
      'transfer-chain',
      'hold-place',
      'hold-capture',
      'hold-increase',
      'hold-release',
      'limit-set',
      'account-set',
    ]),
    voids: true,
    closesPeriods: false,
    reads: /^(user|merchant):/,
    sets: /^user:/,
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
      'bank-line-written-off',
      'account-set',
      'reversal',
    ]),
    voids: false,
    closesPeriods: true,
    reads: /^(merchant|psp|bank|suspense|refund|fees|equity|loss):/,
    sets: /^(merchant|psp|bank|suspense|refund|fees|equity|loss):/,
  },
};

/** The secret of each caller; a caller without one cannot call. */
export type LedgerCredentials = Readonly<Record<LedgerCaller, string>>;

export const LEDGER_CREDENTIALS = Symbol('LEDGER_CREDENTIALS');

/** Lets in `Authorization: Bearer <caller>:<secret>`. @throws Refusal NOT_SIGNED_IN. */
@Injectable()
export class LedgerCallerGuard implements CanActivate {
  private readonly known: readonly { readonly caller: LedgerCaller; readonly sha256: Buffer }[];

  constructor(@Inject(LEDGER_CREDENTIALS) credentials: LedgerCredentials) {
    this.known = (Object.keys(MAY) as LedgerCaller[])
      .filter((caller) => credentials[caller] !== '')
      .map((caller) => ({ caller, sha256: sha256(`Bearer ${caller}:${credentials[caller]}`) }));
  }

  canActivate(context: ExecutionContext): boolean {
    this.admit(context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }

  /** @throws Refusal NOT_SIGNED_IN. */
  admit(request: FastifyRequest): void {
    const given = sha256(request.headers.authorization ?? '');
    // All are compared whatever the first says: how long it takes tells nothing.
    const [fitting] = this.known.filter((one) => timingSafeEqual(given, one.sha256));
    const caller = fitting?.caller;
    if (caller === undefined) throw new Refusal('NOT_SIGNED_IN', { field: 'Authorization' });
    callers.set(request, caller);
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const callers = new WeakMap<FastifyRequest, LedgerCaller>();

/** @throws Refusal NO_AUTH when this caller has no business with it. */
export function needMay(
  request: FastifyRequest,
  wish:
    | { submit: LedgerCommand }
    | { kind: LedgerCommandKind }
    | { read: string }
    | { void: true }
    | { readAll: true }
    | { closePeriods: true },
): void {
  const caller = callers.get(request);
  const may = caller === undefined ? undefined : MAY[caller];
  if (may !== undefined && isAllowed(may, wish)) return;
  throw new Refusal('NO_AUTH', { rule: `is not ${caller ?? 'nobody'}’s to ask` });
}

function isAllowed(may: (typeof MAY)[LedgerCaller], wish: Parameters<typeof needMay>[1]): boolean {
  if ('submit' in wish) {
    const { kind } = wish.submit;
    const mayName = kind === 'account-set' ? may.sets : may.reads;
    const named = accountsNamedIn(wish.submit);
    return may.commands.has(kind) && named.every((account) => mayName.test(account));
  }
  if ('kind' in wish) return may.commands.has(wish.kind);
  if ('read' in wish) return may.reads.test(wish.read);
  if ('void' in wish) return may.voids;
  if ('closePeriods' in wish) return may.closesPeriods;
  return may.reads.test('bank:');
}

/** The accounts that a caller names itself; those of a business fact are the posting rules' to name. */
function accountsNamedIn(command: LedgerCommand): readonly string[] {
  if (command.kind === 'hold-capture') return command.captures.map(({ credit }) => credit);
  if (command.kind === 'hold-place' || command.kind === 'account-set') return [command.account];
  if (command.kind === 'limit-set') return accountsOfSubject(command.subject);
  if (command.kind !== 'transfer-chain') return [];
  return command.steps.flatMap((step) => {
    if (step.do === 'transfer') return [step.debit, step.credit];
    if (step.do === 'capture') return [step.credit];
    return step.do === 'place' ? [step.account] : [];
  });
}

function accountsOfSubject(subject: string): readonly string[] {
  const [, account] = /^account:(.*)$/.exec(subject) ?? [];
  return account === undefined ? [] : [account];
}
