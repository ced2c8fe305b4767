import type { LedgerCommand } from '@stuiver/contracts';

/* What each business fact does to the books, written out by hand from the design's posting rules. */

type Funds = Extract<LedgerCommand, { kind: 'payment' }>['funds'];

/**
 * `rest`: what is left of `amount` after the legs before it. `at-most`: of that, what the account can spare.
 * `all-there`: whatever the account can spare.
 */
export interface ExpectedLeg {
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint | 'all-there';
  readonly how?: 'at-most' | 'rest';
}

export interface Expected {
  /** Where a fact's money goes when its place cannot take it; null for an ask, which is refused. */
  readonly suspense: string | null;
  readonly legs: readonly ExpectedLeg[];
}

export type BusinessCommand = Exclude<
  LedgerCommand,
  {
    kind:
      | 'transfer-chain'
      | 'hold-place'
      | 'hold-capture'
      | 'hold-increase'
      | 'hold-release'
      | 'reversal'
      | 'account-set'
      | 'limit-set';
  }
>;
type Business<Kind extends BusinessCommand['kind']> = Extract<BusinessCommand, { kind: Kind }>;

/** Where a payer's money is. */
function placeOf(funds: Funds): string {
  if (funds.kind === 'wallet') return `user:${funds.userId}:wallet`;
  if (funds.account === null) return `psp:${funds.psp}:balance`;
  return `psp:${funds.psp}:acct:${funds.account}`;
}

/** A leg debits `from` and credits `to`. */
function leg(purpose: string, from: string, to: string, minor: string): ExpectedLeg {
  return { purpose, from, to, amount: BigInt(minor) };
}

function payment({ funds, merchantId, amountMinor, feeMinor }: Business<'payment'>): Expected {
  const pending = `merchant:${merchantId}:pending`;
  const legs = [
    leg('gross', placeOf(funds), pending, amountMinor),
    leg('fee', pending, 'fees:income', feeMinor),
  ];
  if (funds.kind === 'wallet') return { suspense: null, legs };
  if (funds.account !== null) {
    legs.push(leg('application-fee', 'psp:stripe:balance', placeOf(funds), feeMinor));
  }
  return { suspense: 'suspense:payment', legs };
}

function latePayment(command: Business<'late-payment'>): Expected {
  const place = placeOf({ kind: 'psp', psp: 'stripe', account: command.account });
  const legs = [leg('gross', place, 'suspense:late-success', command.amountMinor)];
  if (command.account !== null) {
    legs.push(leg('application-fee', 'psp:stripe:balance', place, command.applicationFeeMinor));
  }
  return { suspense: 'suspense:late-payment', legs };
}

function refundRequest({ from, merchantId, amountMinor }: Business<'refund-request'>): Expected {
  if (from === 'late-payment') {
    const legs = [leg('refund', 'suspense:late-success', 'refund:transit', amountMinor)];
    return { suspense: null, legs };
  }
  const pending = leg('refund', `merchant:${merchantId}:pending`, 'refund:transit', amountMinor);
  const other = leg('refund', `merchant:${merchantId}:available`, 'refund:transit', amountMinor);
  return {
    suspense: null,
    legs: [
      { ...pending, how: 'at-most' },
      { ...other, how: 'rest' },
    ],
  };
}

function refundSuccess({ to, amountMinor, feeBackMinor }: Business<'refund-success'>): Expected {
  const legs = [leg('refund', 'refund:transit', placeOf(to), amountMinor)];
  if (to.kind === 'psp' && to.account !== null) {
    legs.push(leg('application-fee-back', placeOf(to), 'psp:stripe:balance', feeBackMinor));
  }
  return { suspense: 'suspense:refund-success', legs };
}

function dispute(command: Business<'dispute-withdrawal'>): Expected {
  const { merchantId, amountMinor } = command;
  const from = (account: string): ExpectedLeg => leg('dispute', account, BALANCE, amountMinor);
  if (merchantId === null) return one('suspense:dispute', from('suspense:dispute'));
  const pending = from(`merchant:${merchantId}:pending`);
  const available = from(`merchant:${merchantId}:available`);
  return {
    suspense: 'suspense:dispute',
    legs: [
      { ...pending, how: 'at-most' },
      { ...available, how: 'at-most' },
      { ...pending, how: 'rest' },
    ],
  };
}

function disputeReturn({ merchantId, amountMinor }: Business<'dispute-return'>): Expected {
  const to = merchantId === null ? 'suspense:dispute' : `merchant:${merchantId}:pending`;
  return one('suspense:dispute', leg('dispute-return', BALANCE, to, amountMinor));
}

function payoutReturn(command: Business<'payout-return'>): Expected {
  const { merchantId, bank, afterSettlement, amountMinor } = command;
  const payout = `merchant:${merchantId}:payout`;
  const back = leg('return', `bank:${bank}`, payout, amountMinor);
  const release = leg('release', payout, `merchant:${merchantId}:available`, amountMinor);
  return {
    suspense: 'suspense:payout-return',
    legs: afterSettlement ? [back, release] : [release],
  };
}

function merchantPaidByPsp({ merchantId, amountMinor }: Business<'psp-merchant-payout'>): Expected {
  const account = `psp:stripe:acct:${merchantId}`;
  const purpose = 'psp-merchant-payout';
  const first = leg(purpose, `merchant:${merchantId}:available`, account, amountMinor);
  const rest = leg(purpose, `merchant:${merchantId}:pending`, account, amountMinor);
  return {
    suspense: 'suspense:psp-payout',
    legs: [
      { ...first, how: 'at-most' },
      { ...rest, how: 'rest' },
    ],
  };
}

function bankLine(
  { bank, amountMinor }: Business<'bank-line-unplaced' | 'bank-line-placed'>,
  { purpose, isIn }: { purpose: string; isIn: boolean },
): Expected {
  const [from, to] = isIn
    ? [`bank:${bank}`, 'suspense:bank-line']
    : ['suspense:bank-line', `bank:${bank}`];
  return { suspense: 'suspense:bank-line', legs: [leg(purpose, from, to, amountMinor)] };
}

function one(suspense: string | null, single: ExpectedLeg): Expected {
  return { suspense, legs: [single] };
}

const BALANCE = 'psp:stripe:balance';
const TRANSIT = 'psp:stripe:transit';
const AT_PSP = 'suspense:psp-payout';

const BY_KIND: {
  readonly [Kind in BusinessCommand['kind']]: (command: Business<Kind>) => Expected;
} = {
  payment,
  'late-payment': latePayment,
  'refund-request': refundRequest,
  'refund-success': refundSuccess,
  'refund-return': ({ to, amountMinor }) =>
    one('suspense:refund-return', leg('refund-return', placeOf(to), 'refund:transit', amountMinor)),
  'dispute-withdrawal': dispute,
  'dispute-return': disputeReturn,
  'top-up': ({ userId, amountMinor }) =>
    one('suspense:top-up', leg('top-up', BALANCE, `user:${userId}:wallet`, amountMinor)),
  'settlement-close': ({ merchantId }) =>
    one(null, {
      purpose: 'close',
      from: `merchant:${merchantId}:pending`,
      to: `merchant:${merchantId}:available`,
      amount: 'all-there',
    }),
  'payout-approve': ({ merchantId: id, amountMinor }) =>
    one(null, leg('payout', `merchant:${id}:available`, `merchant:${id}:payout`, amountMinor)),
  'payout-settle': ({ merchantId: id, bank, amountMinor }) =>
    one(
      'suspense:payout-settle',
      leg('settle', `merchant:${id}:payout`, `bank:${bank}`, amountMinor),
    ),
  'payout-return': payoutReturn,
  'psp-fee': ({ back, amountMinor }) =>
    one(
      'suspense:psp-fee',
      back
        ? leg('psp-fee', BALANCE, 'fees:psp', amountMinor)
        : leg('psp-fee', 'fees:psp', BALANCE, amountMinor),
    ),
  'psp-payout': ({ amountMinor }) => one(AT_PSP, leg('psp-payout', TRANSIT, BALANCE, amountMinor)),
  'psp-payout-failure': ({ amountMinor }) =>
    one(AT_PSP, leg('psp-payout-failure', BALANCE, TRANSIT, amountMinor)),
  'psp-merchant-payout': merchantPaidByPsp,
  'psp-merchant-payout-failure': ({ merchantId: id, amountMinor }) =>
    one(
      AT_PSP,
      leg(
        'psp-merchant-payout-failure',
        `psp:stripe:acct:${id}`,
        `merchant:${id}:available`,
        amountMinor,
      ),
    ),
  'psp-payout-arrival': ({ bank, back, amountMinor }) =>
    one(
      AT_PSP,
      back === true
        ? leg('arrival-taken-back', TRANSIT, `bank:${bank}`, amountMinor)
        : leg('arrival', `bank:${bank}`, TRANSIT, amountMinor),
    ),
  'bank-line-unplaced': (command) =>
    bankLine(command, { purpose: 'unplaced', isIn: command.direction === 'in' }),
  'bank-line-placed': (command) =>
    bankLine(command, { purpose: 'placed', isIn: command.direction === 'out' }),
  'bank-line-written-off': ({ reason, direction, amountMinor }) => {
    const ours = reason === 'own-funds' ? 'equity:operator' : `loss:${reason}`;
    const sides = ['suspense:bank-line', ours] as const;
    const [from, to] = direction === 'in' ? sides : [sides[1], sides[0]];
    return one('suspense:bank-line', leg('write-off', from, to, amountMinor));
  },
};

export function expectedOf(command: BusinessCommand): Expected {
  const rule = BY_KIND[command.kind] as (command: BusinessCommand) => Expected;
  return rule(command);
}
