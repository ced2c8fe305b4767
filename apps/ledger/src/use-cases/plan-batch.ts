import type { LedgerResult, PostedTransfer } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import type { AccountState } from '../domain/chart-of-accounts.js';
import { decide, type Decision, type Move } from '../domain/decide.js';
import type { AcceptedCommand } from './accept-command.js';
import type { BatchRows, CommandRow, Head, TransferRow } from './ledger-store.js';

/** What a command's caller hears once the batch is committed. */
export type Answer =
  | { readonly result: LedgerResult; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly result?: never };

export interface PlannedBatch {
  /** Undefined when there is nothing to write. */
  readonly rows: BatchRows | undefined;
  /** One for each command, in order; true only once the rows are committed. */
  readonly answers: readonly Answer[];
  readonly changed: ReadonlyMap<string, AccountState>;
}

/** The refusal as it is stored, and as it goes into the answer. Amounts are text of minor units. */
export type StoredRefusal = Pick<
  Extract<LedgerResult, { outcome: 'refused' }>,
  'code' | 'account' | 'limitMinor' | 'shortfallMinor'
>;

/** Decides a batch on top of `head`: the rows that would make it so, and the answers that would then be true. */
export function planBatch(
  head: Head,
  accounts: ReadonlyMap<string, AccountState>,
  batch: { readonly commands: readonly AcceptedCommand[]; readonly now: Date },
): PlannedBatch {
  const { commands } = batch;
  const decided = decide({ accounts, lastAccount: head.lastAccount }, commands);
  const plan = new Plan(head, batch.now);
  const answers: Answer[] = [];
  for (const [index, command] of commands.entries()) {
    const decision = decided.decisions[index];
    if (decision === undefined) continue;
    answers.push(plan.take(command, decision, answers));
  }
  const after = plan.after(decided.lastAccount);
  const rows = plan.isEmpty
    ? undefined
    : { ...plan.rows(after), ...split(accounts, decided.changed) };
  return { rows, answers, changed: decided.changed };
}

class Plan {
  private readonly commandRows: CommandRow[] = [];
  private readonly transferRows: TransferRow[] = [];
  private readonly at: Date;
  private readonly bookedAt: string;
  private readonly batch: bigint;

  constructor(
    private readonly before: Head,
    now: Date,
  ) {
    // Time in the books never runs backwards, whatever the clocks of the writers do.
    this.at = now > before.at ? now : before.at;
    this.bookedAt = this.at.toISOString();
    this.batch = before.batch + 1n;
  }

  get isEmpty(): boolean {
    return this.commandRows.length === 0;
  }

  take(command: AcceptedCommand, decision: Decision, earlier: readonly Answer[]): Answer {
    switch (decision.outcome) {
      case 'posted':
        return { result: this.post(command, decision.moves) };
      case 'refused':
        return { result: this.refuse(command, decision) };
      case 'repeat':
        return earlier[decision.index] ?? { refusal: conflict(command.id) };
      case 'conflict':
        return { refusal: conflict(command.id) };
      case 'impossible': {
        const { rule, value } = decision;
        return { refusal: new Refusal('PARAM_ERROR', { field: 'account', rule, value }) };
      }
    }
  }

  after(lastAccount: bigint): Head {
    return { batch: this.batch, lastSeq: this.nextSeq() - 1n, lastAccount, at: this.at };
  }

  rows(after: Head): Pick<BatchRows, 'before' | 'after' | 'commands' | 'transfers'> {
    return { before: this.before, after, commands: this.commandRows, transfers: this.transferRows };
  }

  private nextSeq(): bigint {
    return this.before.lastSeq + BigInt(this.transferRows.length) + 1n;
  }

  private post(command: AcceptedCommand, moves: readonly Move[]): LedgerResult {
    this.note(command, moves.length, null);
    const effectiveAt = command.effectiveAt ?? this.at;
    const transfers = moves.map((move): PostedTransfer => {
      const seq = this.nextSeq();
      const { purpose, amount, debit, credit } = move;
      this.transferRows.push({
        commandId: command.id,
        purpose,
        amount,
        debit,
        credit,
        effectiveAt,
      });
      return toPostedTransfer(seq, move);
    });
    return { outcome: 'posted', ...this.common(command), transfers };
  }

  private refuse(
    command: AcceptedCommand,
    decision: Extract<Decision, { outcome: 'refused' }>,
  ): LedgerResult {
    const refusal: StoredRefusal = {
      code: decision.code,
      account: decision.account,
      limitMinor: decision.limit?.toString() ?? null,
      shortfallMinor: decision.shortfall?.toString() ?? null,
    };
    this.note(command, 0, JSON.stringify(refusal));
    return { outcome: 'refused', ...this.common(command), ...refusal };
  }

  private common(command: AcceptedCommand): { commandId: string; batch: string; bookedAt: string } {
    return { commandId: command.id, batch: this.batch.toString(), bookedAt: this.bookedAt };
  }

  private note(
    { id, command, content }: AcceptedCommand,
    transferCount: number,
    refusal: string | null,
  ): void {
    this.commandRows.push({
      id,
      kind: command.kind,
      content,
      firstSeq: this.nextSeq(),
      transferCount,
      refusal,
    });
  }
}

export function conflict(commandId: string): Refusal {
  return new Refusal('COMMAND_CONFLICT', {
    field: 'id',
    rule: 'must not be used again with other content',
    value: commandId,
  });
}

function toPostedTransfer(
  seq: bigint,
  { purpose, amount, currency, debit, credit }: Move,
): PostedTransfer {
  return {
    seq: seq.toString(),
    purpose,
    debit: debit.code,
    credit: credit.code,
    amountMinor: amount.toString(),
    currency,
    debitVersion: debit.version.toString(),
    creditVersion: credit.version.toString(),
    debitAfterMinor: debit.balance.toString(),
    creditAfterMinor: credit.balance.toString(),
  };
}

function split(
  before: ReadonlyMap<string, AccountState>,
  changed: ReadonlyMap<string, AccountState>,
): Pick<BatchRows, 'opened' | 'changed'> {
  const opened: AccountState[] = [];
  const known: { account: AccountState; versionBefore: bigint }[] = [];
  for (const account of changed.values()) {
    const versionBefore = before.get(account.code)?.version;
    if (versionBefore === undefined) opened.push(account);
    else known.push({ account, versionBefore });
  }
  return { opened, changed: known };
}
