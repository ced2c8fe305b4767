import { minorOf } from '@stuiver/money';
import type { CommandOf, FundsAccount, PostingCommand, PostingKind } from './commands.js';

/**
 * How much a leg moves, in minor units. `rest`: what the legs before it left of the amount. `up-to`: of that, at most what
 * the debited account has. `all`: everything the debited account has. A leg of nothing is left out.
 */
export type LegAmount =
  | { readonly take: 'exactly' | 'up-to' | 'rest'; readonly minor: bigint }
  | { readonly take: 'all' };

/** One line of a posting: debit gives, credit receives. */
export interface Leg {
  readonly purpose: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: LegAmount;
}

/**
 * What one command does. An *ask* may be refused. A *fact* has happened outside and never is: a side of it that the
 * books cannot carry (an unknown account, a floor) goes to `stray`, a suspense account that a person works off.
 */
export interface Posting {
  readonly nature: 'ask' | 'fact';
  readonly stray: string | null;
  /** Posts whole or not at all, in this order. */
  readonly legs: readonly Leg[];
}

type PostingRules = { readonly [Kind in PostingKind]: (command: CommandOf<Kind>) => Posting };

const merchant = (id: string, account: 'pending' | 'available' | 'payout'): string =>
  `merchant:${id}:${account}`;
const wallet = (userId: string): string => `user:${userId}:wallet`;
const psp = (name: string): string => `psp:${name}:balance`;
const connected = (name: string, merchantId: string): string => `psp:${name}:acct:${merchantId}`;
/** Where the PSP holds it: on a merchant's connected account or on our own balance. */
const held = (name: string, account: string | null): string =>
  account === null ? psp(name) : connected(name, account);
const funds = (from: FundsAccount): string =>
  from.kind === 'wallet' ? wallet(from.userId) : held(from.psp, from.account);
const exactly = (amount: string): LegAmount => ({ take: 'exactly', minor: minorOf(amount) });

const transit = (name: string): string => `psp:${name}:transit`;
const bankAccount = (id: string): string => `bank:${id}`;

/** Where what is nobody else's goes: our own money, or what a reason costs. */
const ours = (reason: string): string =>
  reason === 'own-funds' ? 'equity:operator' : `loss:${reason}`;

const TRANSIT = 'refund:transit';
const FEES = 'fees:income';
const PSP_FEES = 'fees:psp';
const LATE = 'suspense:late-success';
const UNPLACED = 'suspense:bank-line';
const DISPUTED = 'suspense:dispute';

/** What happens to accounts when something happened: this table and nothing else. */
// prettier-ignore
const POSTING_RULES: PostingRules = {
  'payment': ({ funds: from, merchantId, amountMinor, feeMinor }) => ({
    ...(from.kind === 'wallet' ? ask([]) : fact('suspense:payment', [])),
    legs: [
      { purpose: 'gross', debit: funds(from),                    credit: merchant(merchantId, 'pending'), amount: exactly(amountMinor) },
      { purpose: 'fee',   debit: merchant(merchantId, 'pending'), credit: FEES,                           amount: exactly(feeMinor) },
      ...(from.kind === 'psp' ? applicationFee(from, feeMinor) : []),
    ],
  }),
  'late-payment': ({ psp: name, account, amountMinor, applicationFeeMinor }) => fact('suspense:late-payment', [
    { purpose: 'gross', debit: held(name, account), credit: LATE, amount: exactly(amountMinor) },
    ...applicationFee({ psp: name, account }, applicationFeeMinor),
  ]),
  'refund-request': ({ from, merchantId, amountMinor }) => ask(from === 'late-payment' ? [
    { purpose: 'refund', debit: LATE, credit: TRANSIT, amount: exactly(amountMinor) },
  ] : [
    { purpose: 'refund', debit: merchant(merchantId, 'pending'),   credit: TRANSIT, amount: { take: 'up-to', minor: minorOf(amountMinor) } },
    { purpose: 'refund', debit: merchant(merchantId, 'available'), credit: TRANSIT, amount: { take: 'rest',  minor: minorOf(amountMinor) } },
  ]),
  'refund-success': ({ to, amountMinor, feeBackMinor }) => fact('suspense:refund-success', [
    { purpose: 'refund', debit: TRANSIT, credit: funds(to), amount: exactly(amountMinor) },
    ...(to.kind === 'psp' ? applicationFeeBack(to, feeBackMinor) : []),
  ]),
  'refund-return': ({ to, amountMinor }) => fact('suspense:refund-return', [
    { purpose: 'refund-return', debit: funds(to), credit: TRANSIT, amount: exactly(amountMinor) },
  ]),
  'dispute-withdrawal': ({ psp: name, merchantId, amountMinor }) => fact(DISPUTED, disputeLegs({ psp: name, merchantId, minor: minorOf(amountMinor) })),
  'dispute-return': ({ psp: name, merchantId, amountMinor }) => fact(DISPUTED, [
    { purpose: 'dispute-return', debit: psp(name), credit: merchantId === null ? DISPUTED : merchant(merchantId, 'pending'), amount: exactly(amountMinor) },
  ]),
  'top-up': ({ psp: name, userId, amountMinor }) => fact('suspense:top-up', [
    { purpose: 'top-up', debit: psp(name), credit: wallet(userId), amount: exactly(amountMinor) },
  ]),
  'settlement-close': ({ merchantId }) => ask([
    { purpose: 'close', debit: merchant(merchantId, 'pending'), credit: merchant(merchantId, 'available'), amount: { take: 'all' } },
  ]),
  'payout-approve': ({ merchantId, amountMinor }) => ask([
    { purpose: 'payout', debit: merchant(merchantId, 'available'), credit: merchant(merchantId, 'payout'), amount: exactly(amountMinor) },
  ]),
  'payout-settle': ({ merchantId, bank, amountMinor }) => fact('suspense:payout-settle', [
    { purpose: 'settle', debit: merchant(merchantId, 'payout'), credit: bankAccount(bank), amount: exactly(amountMinor) },
  ]),
  'payout-return': ({ merchantId, bank, afterSettlement, amountMinor }) => fact('suspense:payout-return', [
    ...(afterSettlement ? [
      { purpose: 'return', debit: bankAccount(bank), credit: merchant(merchantId, 'payout'), amount: exactly(amountMinor) },
    ] : []),
    { purpose: 'release', debit: merchant(merchantId, 'payout'), credit: merchant(merchantId, 'available'), amount: exactly(amountMinor) },
  ]),
  'psp-fee': ({ psp: name, back, amountMinor }) => fact('suspense:psp-fee', [back
    ? { purpose: 'psp-fee', debit: psp(name), credit: PSP_FEES,  amount: exactly(amountMinor) }
    : { purpose: 'psp-fee', debit: PSP_FEES,  credit: psp(name), amount: exactly(amountMinor) },
  ]),
  'psp-payout': ({ psp: name, amountMinor }) => fact('suspense:psp-payout', [
    { purpose: 'psp-payout', debit: transit(name), credit: psp(name), amount: exactly(amountMinor) },
  ]),
  'psp-payout-failure': ({ psp: name, amountMinor }) => fact('suspense:psp-payout', [
    { purpose: 'psp-payout-failure', debit: psp(name), credit: transit(name), amount: exactly(amountMinor) },
  ]),
  'psp-merchant-payout': ({ psp: name, merchantId, amountMinor }) => fact('suspense:psp-payout', [
    { purpose: 'psp-merchant-payout', debit: merchant(merchantId, 'available'), credit: connected(name, merchantId), amount: { take: 'up-to', minor: minorOf(amountMinor) } },
    { purpose: 'psp-merchant-payout', debit: merchant(merchantId, 'pending'),   credit: connected(name, merchantId), amount: { take: 'rest',  minor: minorOf(amountMinor) } },
  ]),
  'psp-merchant-payout-failure': ({ psp: name, merchantId, amountMinor }) => fact('suspense:psp-payout', [
    { purpose: 'psp-merchant-payout-failure', debit: connected(name, merchantId), credit: merchant(merchantId, 'available'), amount: exactly(amountMinor) },
  ]),
  'psp-payout-arrival': ({ psp: name, bank, back, amountMinor }) => fact('suspense:psp-payout', [back === true
    ? { purpose: 'arrival-taken-back', debit: transit(name),     credit: bankAccount(bank), amount: exactly(amountMinor) }
    : { purpose: 'arrival',            debit: bankAccount(bank), credit: transit(name),     amount: exactly(amountMinor) },
  ]),
  'bank-line-unplaced': ({ bank, direction, amountMinor }) => fact('suspense:bank-line', [
    unplaced({ bank, direction, amountMinor, purpose: 'unplaced' }),
  ]),
  'bank-line-placed': ({ bank, direction, amountMinor }) => fact('suspense:bank-line', [
    unplaced({ bank, direction: direction === 'in' ? 'out' : 'in', amountMinor, purpose: 'placed' }),
  ]),
  'bank-line-written-off': ({ reason, direction, amountMinor }) => fact('suspense:bank-line', [direction === 'in'
    ? { purpose: 'write-off', debit: UNPLACED, credit: ours(reason), amount: exactly(amountMinor) }
    : { purpose: 'write-off', debit: ours(reason), credit: UNPLACED, amount: exactly(amountMinor) },
  ]),
};

/** What the merchant has, pending first; what is missing makes the pending account negative: the merchant owes us. */
function disputeLegs(from: { psp: string; merchantId: string | null; minor: bigint }): Leg[] {
  const { merchantId, minor } = from;
  const leg = (debit: string, take: 'up-to' | 'rest'): Leg => {
    return { purpose: 'dispute', debit, credit: psp(from.psp), amount: { take, minor } };
  };
  if (merchantId === null) return [leg(DISPUTED, 'rest')];
  const [pending, available] = [merchant(merchantId, 'pending'), merchant(merchantId, 'available')];
  return [leg(pending, 'up-to'), leg(available, 'up-to'), leg(pending, 'rest')];
}

interface PspPlace {
  readonly psp: string;
  readonly account: string | null;
}

/** Our fee of what came to a connected account: the PSP passes it on to our own balance. */
function applicationFee({ psp: name, account }: PspPlace, amountMinor: string): readonly Leg[] {
  if (account === null) return [];
  const [debit, credit] = [psp(name), connected(name, account)];
  return [{ purpose: 'application-fee', debit, credit, amount: exactly(amountMinor) }];
}

function applicationFeeBack({ psp: name, account }: PspPlace, amountMinor: string): readonly Leg[] {
  if (account === null) return [];
  const [debit, credit] = [connected(name, account), psp(name)];
  return [{ purpose: 'application-fee-back', debit, credit, amount: exactly(amountMinor) }];
}

function unplaced(line: {
  bank: string;
  direction: 'in' | 'out';
  amountMinor: string;
  purpose: string;
}): Leg {
  const { bank, direction, amountMinor, purpose } = line;
  return direction === 'in'
    ? { purpose, debit: bankAccount(bank), credit: UNPLACED, amount: exactly(amountMinor) }
    : { purpose, debit: UNPLACED, credit: bankAccount(bank), amount: exactly(amountMinor) };
}

/** What the books do about one command. @throws RangeError when an amount is not whole minor units. */
export function postingOf(command: PostingCommand): Posting {
  // The table's type pairs every kind with its own rule; the compiler cannot follow that pair through an index.
  const rule = POSTING_RULES[command.kind] as (command: PostingCommand) => Posting;
  return rule(command);
}

/** Every account that deciding about the command may look at. */
export function accountsOf(posting: Posting): string[] {
  const codes = posting.legs.flatMap((leg) => [leg.debit, leg.credit]);
  return posting.stray === null ? codes : [...codes, posting.stray];
}

function ask(legs: readonly Leg[]): Posting {
  return { nature: 'ask', stray: null, legs };
}

function fact(stray: string, legs: readonly Leg[]): Posting {
  return { nature: 'fact', stray, legs };
}
