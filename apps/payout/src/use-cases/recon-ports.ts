import type { LedgerCommand } from '@stuiver/contracts';
import type { Money } from '@stuiver/money';
import type { BankLine, Candidates } from '../domain/bank-line.js';
import type { Match } from '../domain/matching-rules.js';
import type { BankAnswer } from '../domain/payout-states.js';
import type { PspPart } from '../domain/psp-parts.js';
import type { StatementPlace } from '../domain/statement-order.js';

/** A statement as the bank's file tells it, read and checked. */
export interface StatementRead extends StatementPlace {
  readonly id: string;
  readonly iban: string;
  readonly createdAt: Date;
  readonly entries: readonly EntryRead[];
}

export interface EntryRead {
  readonly bankReference: string | null;
  readonly amount: Money;
  readonly bookedOn: string;
  readonly paymentInformationId: string | null;
  readonly transactions: readonly TransactionRead[];
}

export interface TransactionRead {
  readonly amount: Money;
  readonly endToEndId: string | null;
  readonly remittance: string | null;
  readonly counterpartyName: string | null;
  readonly counterpartyIban: string | null;
  readonly returnReason: string | null;
}

/** @throws Refusal PARAM_ERROR naming what is wrong with the file. */
export type StatementReader = (xml: Uint8Array) => readonly StatementRead[];

/** What a person may want to know about a line, and nobody else: sealed. */
export interface LineDetails {
  readonly remittance: string | null;
  readonly counterpartyName: string | null;
  readonly counterpartyIban: string | null;
}

export interface NewLine extends Omit<BankLine, 'remittance'> {
  readonly no: number;
  readonly details: LineDetails;
}

export interface NewStatement extends StatementRead {
  readonly statementId: string;
  readonly lines: readonly NewLine[];
  /** What was there before, should this be the account's first; null when nothing was. */
  readonly openingLine: NewLine | null;
}

export interface KeptStatement extends StatementPlace {
  readonly statementId: string;
  readonly iban: string;
  readonly lineCount: number;
  readonly importedAt: Date;
}

export interface StatementWrites {
  /** The last one of the account; other imports wait until this transaction ends. */
  lockLast(iban: string): Promise<KeptStatement | undefined>;
  /** One that already tells of this number, or of one of these days. */
  sameAs(statement: StatementRead): Promise<KeptStatement | undefined>;
  insert(statement: NewStatement, fileSha256: string, at: Date): Promise<void>;
}

export interface StatementStore {
  /** The statements of a file that was imported before; nothing when it was not. */
  ofFile(sha256: string): Promise<readonly KeptStatement[]>;
  /** Keeps the file and what `work` inserts, whole or not at all. */
  importFile(
    file: { sha256: string; content: Uint8Array; by: string; at: Date },
    statements: readonly NewStatement[],
    work: (writes: StatementWrites) => Promise<void>,
  ): Promise<void>;
}

/** A ledger command that is written down before the ledger is asked, and what follows when it is booked. */
export interface Intent {
  readonly command: LedgerCommand;
  readonly bankLineId: string | null;
  readonly pspTransactionId: string | null;
  readonly end: PayoutEnd | null;
}

export interface PayoutEnd {
  readonly payoutId: string;
  readonly state: BankAnswer;
  /** ISO 20022 reason of a rejection or return. */
  readonly code: string | null;
}

export interface Recorded extends Intent {
  readonly commandId: string;
}

export interface CommandBook {
  /** Written down and not booked, in order. */
  toBook(limit: number): Promise<readonly Recorded[]>;
  /** The booking, the state of the payout that it ends and the event that says so: one transaction. */
  remember(recorded: Recorded, at: Date): Promise<void>;
  /** The ledger will never book it: a person must look. */
  giveUp(commandId: string, problem: string): Promise<void>;
  /**
   * Writes a payout's rejection down.
   *
   * @throws Refusal NOT_FOUND; STATE_CONFLICT when the payout is not with the bank, or ends otherwise.
   */
  recordRejection(
    payoutId: string,
    make: (payout: MoneyOfPayout) => Intent,
    at: Date,
  ): Promise<void>;
}

export interface MoneyOfPayout {
  readonly id: string;
  readonly merchantId: string;
  readonly amount: Money;
}

export interface LineToMatch extends BankLine {
  readonly statementId: string;
  readonly isNew: boolean;
  readonly isMatched: boolean;
  /** How often a person took its match back. */
  readonly round: number;
  /** Why no rule placed it, when one tried. */
  readonly problem: string | null;
}

/** A match with a payout of the PSP that a person takes back. */
export interface UndoneMatch {
  readonly pspPayoutId: string;
  readonly isTakenBack: boolean;
}

export interface LineStore {
  /**
   * In the order of statements; after the given one. `again`: also those that no rule placed before. Not those whose
   * match a person took back: these are a person's to place.
   */
  toMatch(page: {
    again: boolean;
    after: string | null;
    limit: number;
  }): Promise<readonly LineToMatch[]>;
  find(id: string): Promise<LineToMatch | undefined>;
  candidatesOf(line: BankLine): Promise<Candidates>;
  /** What a person named. Null and none when there is no such thing. */
  named(name: { payoutId?: string; pspPayoutId?: string }): Promise<Candidates>;
  moneyOf(payoutIds: readonly string[]): Promise<readonly MoneyOfPayout[]>;
  /**
   * Writes the match and its commands down, once. `unplaced` goes too when the line was booked as unplaced before.
   *
   * @returns false when it was matched meanwhile, or what it matches was taken by another line.
   */
  saveMatch(save: {
    lineId: string;
    match: Match;
    person: string | null;
    intents: readonly Intent[];
    placed: Intent;
    at: Date;
  }): Promise<boolean>;
  /** No rule places it: said, and booked as unplaced the first time. */
  saveOpen(lineId: string, problem: string, unplaced: Intent, at: Date): Promise<void>;
}

export interface PspTransactionToKeep {
  readonly id: string;
  readonly kind: string;
  readonly amount: Money;
  readonly fee: Money;
  readonly net: Money;
  readonly pspReference: string | null;
  readonly reference: string | null;
  readonly createdAt: Date;
  readonly availableAt: Date;
  readonly parts: readonly PspPart[];
  readonly intents: readonly Intent[];
}

export interface PspBooking {
  readonly version: bigint;
  readonly seq: bigint;
  /** Signed: a debit adds to what the PSP holds. */
  readonly amountMinor: bigint;
  readonly balanceAfterMinor: bigint;
  readonly commandId: string;
  readonly commandKind: string;
  readonly bookedAt: Date;
}

export interface PspStore {
  /** The last transaction that was imported. */
  cursor(): Promise<string | null>;
  /** The page and the place after it, or nothing. @returns false when another process was faster. */
  keepPage(after: string | null, page: readonly PspTransactionToKeep[], at: Date): Promise<boolean>;
  lastBookingVersion(): Promise<bigint>;
  keepBookings(bookings: readonly PspBooking[]): Promise<void>;
  /** Marks every key whose parts and bookings sum to the same. */
  tie(at: Date): Promise<void>;
  /** How far the import is. */
  position(): Promise<bigint>;
  /** Whether the PSP's balance was this at that position or after any transaction since. */
  wasHeld(held: Money, since: bigint): Promise<boolean>;
  /** Messages that came before `at` are worked off. */
  finishMessages(at: Date): Promise<void>;
  keepMessage(message: {
    pspEventId: string;
    sha256: Uint8Array;
    sealed: Uint8Array;
    at: Date;
  }): Promise<void>;
}

export interface PspPayoutRequest {
  readonly id: string;
  readonly amount: Money;
  readonly state: 'requested' | 'sent' | 'refused';
  readonly askedAt: Date;
  readonly pspPayoutId: string | null;
}

export interface PspPayoutRequests {
  /** @throws Refusal STATE_CONFLICT while another one's outcome is unknown. */
  insert(request: { id: string; amount: Money; by: string; at: Date }): Promise<void>;
  unknown(): Promise<readonly PspPayoutRequest[]>;
  saveSent(id: string, pspPayoutId: string): Promise<void>;
  saveRefused(id: string, reason: string): Promise<void>;
  /** The PSP's payout with our reference, among its transactions. */
  findByReference(id: string): Promise<string | undefined>;
}

/** Minor units of one moment, for the three equations. */
export interface Sides {
  /** How much of outside minus ledger the open items make up. */
  readonly explained: { readonly psp: bigint; readonly transit: bigint; readonly bank: bigint };
  /** Sum of every imported transaction's net. */
  readonly pspNet: bigint;
  /** The ledger's mirror of it, as far as it is imported. */
  readonly pspBooked: { readonly version: bigint; readonly balance: bigint };
  /** PSP payouts that no line of the bank shows and that did not fail. */
  readonly underWay: bigint;
  /** The closing of our account's last statement, and its last day; zero before the first. */
  readonly bank: { readonly closing: bigint; readonly day: string | null };
}

export interface OpenItems {
  /** Opens what there is to look at now, closes what is gone. */
  refresh(at: Date): Promise<Sides>;
  /** One that only a person closes. */
  add(item: {
    kind: 'duplicate-statement';
    subject: string;
    explanation: string;
    at: Date;
  }): Promise<void>;
}

export interface TieOutRow {
  readonly name: 'psp-balance' | 'psp-accounts' | 'psp-transit' | 'bank';
  readonly outside: { readonly label: string; readonly amount: Money };
  readonly ledger: { readonly account: string; readonly amount: Money };
  readonly explained: Money;
}

export interface TieOutResult {
  readonly at: Date;
  readonly rows: readonly TieOutRow[];
  readonly explained: boolean;
}

export interface TieOutStore {
  /** The day's record: its last reading, and the worst that was left unexplained. */
  keep(day: string, result: TieOutResult, unexplained: Money): Promise<void>;
  /** When the last one was kept. */
  lastAt(): Promise<Date | null>;
}
