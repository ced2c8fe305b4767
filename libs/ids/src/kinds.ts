import { z } from 'zod';
import type { Random } from '@stuiver/ports';

/** Append-only. The prefix travels on the wire and in logs, so an id in the wrong place is seen at once. */
const PREFIXES = {
  Order: 'ord',
  Attempt: 'att',
  Refund: 'rfd',
  User: 'usr',
  TopUp: 'top',
  Settlement: 'stl',
  Payout: 'po',
  PayoutBatch: 'pob',
  BankStatement: 'bst',
  BankLine: 'bln',
  BankAnswer: 'ban',
  OpenItem: 'opi',
  Staff: 'stf',
  PspPayout: 'ppo',
  PayeeChange: 'pyc',
  PriceVersion: 'prl',
  CounterCode: 'ctr',
  Review: 'rev',
  WriteOff: 'wof',
} as const;

export type IdKind = keyof typeof PREFIXES;

function idText<K extends IdKind>(kind: K) {
  return z
    .string()
    .regex(new RegExp(`^${PREFIXES[kind]}_[0-9a-z]{26}$`))
    .brand<K>();
}

export const OrderIdText = idText('Order');
export type OrderId = z.infer<typeof OrderIdText>;
export const AttemptIdText = idText('Attempt');
export type AttemptId = z.infer<typeof AttemptIdText>;
export const RefundIdText = idText('Refund');
export type RefundId = z.infer<typeof RefundIdText>;
export const UserIdText = idText('User');
export type UserId = z.infer<typeof UserIdText>;
export const TopUpIdText = idText('TopUp');
export type TopUpId = z.infer<typeof TopUpIdText>;
export const SettlementIdText = idText('Settlement');
export type SettlementId = z.infer<typeof SettlementIdText>;
export const PayoutIdText = idText('Payout');
export type PayoutId = z.infer<typeof PayoutIdText>;
export const PayoutBatchIdText = idText('PayoutBatch');
export type PayoutBatchId = z.infer<typeof PayoutBatchIdText>;

const TIME_CHARACTERS = 9;
const RANDOM_CHARACTERS = 17;

/** What every id made at this moment or later sorts after, and none made before it. */
export function idsSince(kind: IdKind, at: Date): string {
  return `${PREFIXES[kind]}_${timeOf(at)}`;
}

function timeOf(at: Date): string {
  return at.getTime().toString(36).padStart(TIME_CHARACTERS, '0');
}

/**
 * A new id: prefix, nine base-36 characters of milliseconds (so ids sort by age), seventeen random ones.
 *
 * @param now  the caller's clock.
 */
export function newId<K extends IdKind>(
  kind: K,
  now: Date,
  random: Random,
): string & z.core.$brand<K> {
  const time = timeOf(now);
  let tail = '';
  while (tail.length < RANDOM_CHARACTERS) {
    // 252 is the largest multiple of 36 in a byte: above it, some characters would come more often.
    for (const byte of random.bytes(RANDOM_CHARACTERS)) {
      if (byte < 252 && tail.length < RANDOM_CHARACTERS) tail += (byte % 36).toString(36);
    }
  }
  return `${PREFIXES[kind]}_${time}${tail}` as string & z.core.$brand<K>;
}
