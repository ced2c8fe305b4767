import { Matches, ValidateIf } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import type { IdKind } from '@stuiver/ids';
import type { Page } from '@stuiver/console-api';

export const ITEMS_PER_PAGE = 50;

const PREFIXES = {
  PayoutBatch: 'pob',
  Payout: 'po',
  Settlement: 'stl',
  BankStatement: 'bst',
  BankLine: 'bln',
  OpenItem: 'opi',
  PayeeChange: 'pyc',
  WriteOff: 'wof',
} as const satisfies Partial<Record<IdKind, string>>;
export type KnownKind = keyof typeof PREFIXES;

const MCHID = /^\d{8,32}$/;

function patternOf(kind: KnownKind): RegExp {
  return new RegExp(`^${PREFIXES[kind]}_[0-9a-z]{26}$`);
}

/** What has not the form of our ids is no id of ours. @throws Refusal NOT_FOUND. */
export function needId(kind: KnownKind, id: string): string {
  if (!patternOf(kind).test(id)) throw new Refusal('NOT_FOUND');
  return id;
}

/** @throws Refusal NOT_FOUND */
export function needMerchant(mchid: string): string {
  if (!MCHID.test(mchid)) throw new Refusal('NOT_FOUND');
  return mchid;
}

/** @throws Refusal NOT_FOUND when nothing was found. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal('NOT_FOUND');
  return value;
}

/** May be absent; null is no absence. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_dto: object, value: unknown) => value !== undefined);
}

export function IsIdOf(kind: KnownKind): PropertyDecorator {
  return Matches(patternOf(kind), {
    message: `$property must be an id such as ${PREFIXES[kind]}_…`,
  });
}

/** `next` is the `before` of the following page. */
export function pageOf<Item>(items: readonly Item[], idOf: (item: Item) => string): Page<Item> {
  const last = items.at(-1);
  const isFull = items.length === ITEMS_PER_PAGE && last !== undefined;
  return { items, next: isFull ? idOf(last) : null };
}
