import type { AuditWrites } from '@stuiver/ports';
import type { Prices } from '../../domain/price-list.js';

/** `standard`, or a merchant's id: its own list. */
export type PriceListName = string;
export const STANDARD_LIST = 'standard';

/** A version of a list, as it was proposed. Nothing of it ever changes. */
export interface PriceVersion extends Prices {
  readonly id: string;
  readonly list: PriceListName;
  readonly validFrom: Date;
  /** A member of staff's id, or the name that an operator gave. */
  readonly maker: string;
  readonly madeAt: Date;
  readonly decision: PriceDecision | null;
}

export interface PriceDecision {
  readonly kind: 'approved' | 'rejected';
  readonly checker: string;
  readonly at: Date;
}

export interface PriceListWrites extends AuditWrites {
  /** Locks the list, so that its versions are decided on one after the other. False: no such merchant. */
  lockList(list: PriceListName): Promise<boolean>;
  versionsOf(list: PriceListName): Promise<readonly PriceVersion[]>;
  insert(version: PriceVersion): Promise<void>;
  saveDecision(version: PriceVersion, decision: PriceDecision): Promise<void>;
}

export interface PriceListStore {
  /** One transaction. */
  run<T>(work: (writes: PriceListWrites) => Promise<T>): Promise<T>;
  version(id: string): Promise<PriceVersion | undefined>;
}
