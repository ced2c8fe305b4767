import type { EventData, EventType } from '@stuiver/contracts';
import type { Money } from '@stuiver/money';
import type { AuditWrites } from '@stuiver/ports';
import type { Day } from '../domain/t2-calendar.js';
import type { PayoutState } from '../domain/payout-states.js';
import type { SettlementTerms, Unsettled } from '../domain/settlement-terms.js';
import type { PendingLine } from '../domain/statement.js';

export interface Payee {
  readonly merchantId: string;
  readonly name: string;
  readonly iban: string;
}

export interface Settlement {
  readonly id: string;
  readonly merchantId: string;
  readonly state: 'closing' | 'posted' | 'closed' | 'empty';
  readonly amount: Money | null;
  readonly fromVersion: bigint | null;
  /** The pending account's version of the closing transfer itself; the statement ends one before. */
  readonly closeVersion: bigint | null;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
}

export interface Payout {
  readonly id: string;
  readonly settlementId: string;
  readonly merchantId: string;
  readonly batchId: string;
  readonly state: PayoutState;
  readonly amount: Money;
  readonly endToEndId: string;
  readonly remittance: string;
}

/** Who acts: a signed-in person's id and name, or the name that an operator gave. */
export interface Person {
  readonly id: string;
  readonly name: string | null;
}

export interface Batch {
  readonly id: string;
  readonly state: 'prepared' | 'approving' | 'approved' | 'exported' | 'refused' | 'discarded';
  /** Their ids when they signed in, else the names that the operator gave: what must differ. */
  readonly maker: string;
  readonly checker: string | null;
  /** How a signed-in person is called. */
  readonly makerName: string | null;
  readonly checkerName: string | null;
  /** Hex, over the bank file's bytes: what the checker agrees to. */
  readonly fileSha256: string;
  readonly executionDate: Day;
  readonly createdAt: Date;
}

/** Somebody's consent to exactly one thing, as its hash says. It stands until it expires or the thing changes. */
export interface Approval {
  readonly checker: string;
  readonly checkerName: string | null;
  readonly givenAt: Date;
  readonly expiresAt: Date;
}

/** Who agreed to a batch as it is now, and how many must besides its maker. */
export interface Consent {
  readonly standing: readonly Approval[];
  readonly needed: number;
  /** Merchants in it for whom another account was asked for. */
  readonly payeesChanging: readonly string[];
  /** Who agreed that it goes out before the money is there. */
  readonly prefunding: Approval | null;
}

/** A fact to tell, in the transaction that makes it true. */
export type Fact = {
  [Type in EventType]: {
    readonly type: Type;
    readonly subject: string;
    readonly data: EventData<Type>;
  };
}[EventType];

export interface SettlementWrites {
  /** The merchant's settlement under its lock. */
  lock(id: string): Promise<Settlement>;
  savePosted(
    id: string,
    close: { amount: Money; fromVersion: bigint; closeVersion: bigint },
  ): Promise<void>;
  saveEmpty(id: string): Promise<void>;
  saveClosed(id: string, close: { total: Money; at: Date }): Promise<void>;
  lines(merchantId: string, range: { from: bigint; to: bigint }): Promise<readonly PendingLine[]>;
  takeLines(id: string, merchantId: string, range: { from: bigint; to: bigint }): Promise<void>;
  /** The close version of the merchant's settlement before this one; zero when it is the first. */
  previousClose(merchantId: string): Promise<bigint>;
  say(fact: Fact): Promise<void>;
}

/** A merchant's open account, and on which terms it is settled. */
export interface MerchantUnsettled extends Unsettled {
  readonly merchantId: string;
  readonly terms: SettlementTerms;
}

export interface SettlementStore {
  run<T>(work: (writes: SettlementWrites) => Promise<T>): Promise<T>;
  /** Begins one, or returns the one that is under way. */
  begin(settlement: { id: string; merchantId: string; at: Date }): Promise<Settlement>;
  find(id: string): Promise<Settlement | undefined>;
  /** Those that a crash left half done, oldest first. */
  unfinished(): Promise<readonly string[]>;
  /** Merchants with bookings that no settlement took, in order of their ids; a page at a time, empty at the end. */
  unsettled(after: string | null): Promise<readonly MerchantUnsettled[]>;
  /** Closed and not paid out, oldest first. */
  toPayOut(): Promise<readonly (Settlement & { amount: Money })[]>;
}

export interface PayoutWrites extends AuditWrites {
  lockBatch(id: string): Promise<Batch | undefined>;
  payoutsOf(batchId: string): Promise<readonly Payout[]>;
  /** @param at  approvals that expired by then do not stand. */
  consentTo(batchId: string, at: Date): Promise<Consent>;
  /** One more person agrees to the file of this hash; for as long as the rules say. */
  saveApproval(approval: {
    what: 'batch' | 'prefunding';
    batchId: string;
    hash: string;
    by: Person;
    at: Date;
  }): Promise<void>;
  /** Enough people agreed; the database counts again. @param agreed.by  the last of them. */
  saveApproving(
    id: string,
    agreed: { by: Person; at: Date; missing: Money; rule: 'allowed' | 'approved' },
  ): Promise<void>;
  saveBatch(
    id: string,
    state: 'approved' | 'exported' | 'refused' | 'discarded',
    at: Date,
  ): Promise<void>;
  savePayouts(
    batchId: string,
    state: 'approved' | 'exported' | 'refused',
    refusal?: string,
  ): Promise<void>;
  say(fact: Fact): Promise<void>;
}

export interface PayoutStore {
  /** The batch and its payouts, or nothing. @throws Refusal STATE_CONFLICT when a settlement is in another batch. */
  insertBatch(batch: Batch, payouts: readonly { payout: Payout; payee: Payee }[]): Promise<void>;
  run<T>(work: (writes: PayoutWrites) => Promise<T>): Promise<T>;
  batch(id: string): Promise<Batch | undefined>;
  consentTo(batchId: string, at: Date): Promise<Consent>;
  payoutsOf(batchId: string): Promise<readonly Payout[]>;
  /** Names and accounts as they were when the batch was made, in the order of the payouts. */
  payeesOf(batchId: string): Promise<readonly Payee[]>;
  unfinished(): Promise<readonly { id: string; state: Batch['state'] }[]>;
  /** The maker's oldest batch that waits for approval. */
  preparedBy(maker: string): Promise<Batch | undefined>;
  /** The sum of a batch’s payouts. */
  totalOf(batchId: string): Promise<Money>;
  /** What other batches were approved for and no statement shows yet. */
  onItsWay(exceptBatchId: string): Promise<Money>;
  /** By merchant: what payouts that are not booked yet will take from the available balance. */
  promised(): Promise<ReadonlyMap<string, Money>>;
  /** By merchant: why their bank sent money back, when nobody confirmed or changed the payee since. */
  sentBack(): Promise<ReadonlyMap<string, string>>;
}

export interface PayeeBook {
  /** A person says that the account is right as it is. False: there is none. */
  confirm(merchantId: string, at: Date): Promise<boolean>;
  find(merchantId: string): Promise<Payee | undefined>;
  /** Merchants for whom another account was asked for and is not used yet. */
  changing(): Promise<ReadonlySet<string>>;
}

export interface FileToWrite {
  readonly batchId: string;
  readonly createdAt: Date;
  readonly executionDate: Day;
  readonly lines: readonly { payout: Payout; payee: Payee }[];
}

/** How a batch is told to the bank. The same batch gives the same bytes. */
export interface PaymentFile {
  /** Why a bank would not take this line; nothing when it would. */
  objectionTo(line: { payout: Payout; payee: Payee }): string | undefined;
  write(file: FileToWrite): { readonly content: string; readonly sha256: string };
}

/** Where exported files lie for the bank: whole or not at all. @returns the path. */
export interface FileShelf {
  put(batchId: string, content: string): Promise<string>;
}
