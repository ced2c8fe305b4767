import { Money } from '@stuiver/money';

/** What of a PSP transaction is booked, and under which name its bookings are found. */
export interface PspPart {
  readonly part: 'principal' | 'fee' | 'payout' | 'payout-failure';
  /** Parts and bookings of one key must sum to the same. */
  readonly key: string;
  /** Signed: what it changes the PSP's balance by. */
  readonly amount: Money;
  /** Purpose and business id of every ledger command that may have booked it. */
  readonly commands: readonly { readonly purpose: string; readonly businessId: string }[];
}

/** The figures of a transaction that its parts follow from. */
export interface PspFigures {
  readonly id: string;
  readonly kind: string;
  readonly amount: Money;
  readonly fee: Money;
  readonly net: Money;
  readonly reference: string | null;
  readonly paymentReference: string | null;
}

/** What may book money under one of our ids: the fact of Order that tells of it. */
const PURPOSES: Readonly<Record<string, readonly string[]>> = {
  att: ['payment', 'late-payment'],
  top: ['top-up'],
  rfd: ['refund-success', 'refund-return'],
};

/** A dispute is known by the PSP's own id, whatever that looks like. */
const OF_DISPUTES = ['dispute-withdrawal', 'dispute-return'];

/**
 * Splits a transaction: the PSP's fee, and the rest. What we book ourselves (fee, payout, its failure) has a key of its
 * own; principal has the key of our reference, so a refund and its failure, or a payment told twice, meet their bookings.
 * What a payment to a connected account moves, its refunds included, has that payment's key: only their sum is booked.
 */
export function partsOf(transaction: PspFigures): readonly PspPart[] {
  const { id, kind, amount, fee, net } = transaction;
  if (kind === 'fee') return withoutNothing([feePart(id, net)]);
  const kept = feePart(id, Money.zero(fee.currency).minus(fee));
  return withoutNothing([kept, mainPart(transaction, amount)]);
}

function mainPart(figures: PspFigures, amount: Money): PspPart {
  const { id, kind, reference, paymentReference } = figures;
  if (kind === 'payout' || kind === 'payout-failure') {
    const commands = [{ purpose: `psp-${kind}`, businessId: id }];
    return { part: kind, key: `${kind}:${id}`, amount, commands };
  }
  const name = paymentReference ?? reference;
  const key = name === null ? `transaction:${id}` : `reference:${name}`;
  return { part: 'principal', key, amount, commands: commandsOf(kind, reference) };
}

function commandsOf(kind: string, reference: string | null): PspPart['commands'] {
  if (reference === null) return [];
  const known = PURPOSES[reference.split('_', 1)[0] ?? ''] ?? [];
  const purposes = kind === 'dispute' ? OF_DISPUTES : known;
  return purposes.map((purpose) => ({ purpose, businessId: reference }));
}

function feePart(id: string, amount: Money): PspPart {
  return {
    part: 'fee',
    key: `fee:${id}`,
    amount,
    commands: [{ purpose: 'psp-fee', businessId: id }],
  };
}

function withoutNothing(parts: readonly PspPart[]): readonly PspPart[] {
  return parts.filter(({ amount }) => amount.minor !== 0n);
}
