import type { LedgerResult, PostedTransfer } from '@stuiver/contracts';
import { invariant, Refusal } from '@stuiver/errors';
import { BATCH_COMMANDS_MAX, decide, type Decided, type LedgerState } from '../domain/decide.js';
import type { Decision, Posted, Refused, Reversal } from '../domain/decision.js';
import type { HoldState } from '../domain/hold.js';
import { effectiveTime } from '../domain/period.js';
import { type AcceptedCommand, acceptExpiry } from './accept-command.js';
import type { BatchRows, CommandRow, Head, ReversalRow, TransferRow } from './ledger-store.js';
import { toAnswer, toPostedTransfer, toRefusal } from './answers.js';
import { rareRowsOf } from './rare-rows.js';
import { sealRows, type Unsealed } from './seal-rows.js';

/** What a command's caller hears once the batch is committed. */
export type Answer =
  | { readonly result: LedgerResult; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly result?: never };

export interface PlannedBatch {
  /** Undefined when there is nothing to write. */
  readonly rows: BatchRows | undefined;
  /** One for each command, in order; true only once the rows are committed. */
  readonly answers: readonly Answer[];
  readonly decided: Decided;
  /** So many holds were due that the batch is about them alone; its commands are for a later one. */
  readonly isBacklog: boolean;
}

/** Decides a batch on top of `head`: the rows that would make it so, and the answers that would then be true. */
export function planBatch(
  head: Head,
  state: LedgerState,
  batch: {
    readonly due: readonly HoldState[];
    readonly commands: readonly AcceptedCommand[];
    /** 32 bytes of chance, hex: what hides one side of a transfer from who may see the other. */
    readonly blind: string;
  },
): PlannedBatch {
  const isBacklog = batch.due.length >= BATCH_COMMANDS_MAX;
  const expiries = batch.due.map(acceptExpiry);
  // What has expired is gone before anybody is answered.
  const commands = isBacklog ? expiries : [...expiries, ...batch.commands];
  const decided = decide(state, commands);
  const plan = new Plan(head, state.at);
  const answers: Answer[] = [];
  for (const [index, command] of commands.entries()) {
    const decision = decided.decisions[index];
    if (decision === undefined) continue;
    answers.push(plan.take(command, decision, answers));
  }
  const after = plan.after(decided.lastAccount);
  const rows = plan.isEmpty
    ? undefined
    : sealRows(
        { ...plan.rows(after), ...rareRowsOf(state, decided, plan.reversalRows) },
        batch.blind,
      );
  return { rows, answers: answers.slice(expiries.length), decided, isBacklog };
}

class Plan {
  private readonly commandRows: CommandRow[] = [];
  private readonly transferRows: TransferRow[] = [];
  readonly reversalRows: ReversalRow[] = [];
  private readonly bookedAt: string;
  private readonly batch: bigint;
  /** For the command in hand. */
  private openFrom: Date;

  constructor(
    private readonly before: Head,
    private readonly at: Date,
  ) {
    this.bookedAt = at.toISOString();
    this.batch = before.batch + 1n;
    this.openFrom = before.openFrom;
  }

  get isEmpty(): boolean {
    return this.commandRows.length === 0;
  }

  take(command: AcceptedCommand, decision: Decision, earlier: readonly Answer[]): Answer {
    switch (decision.outcome) {
      case 'posted':
        this.openFrom = decision.openFrom ?? this.openFrom;
        return { result: this.post(command, decision) };
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

  after(lastAccount: bigint): Unsealed['after'] {
    const { batch, at, openFrom } = this;
    return { batch, lastSeq: this.nextSeq() - 1n, lastAccount, at, openFrom };
  }

  rows(after: Unsealed['after']): Pick<Unsealed, 'before' | 'after' | 'commands' | 'transfers'> {
    return { before: this.before, after, commands: this.commandRows, transfers: this.transferRows };
  }

  private nextSeq(): bigint {
    return this.before.lastSeq + BigInt(this.transferRows.length) + 1n;
  }

  private post(command: AcceptedCommand, posted: Posted): LedgerResult {
    const { moves, reversals = [] } = posted;
    const first = this.nextSeq();
    const originalOf = (reversal: Reversal): bigint => this.originalOf(reversal);
    const more = toAnswer(posted, { first, originalOf });
    for (const [index, reversal] of reversals.entries()) {
      const { transfer, after } = reversal;
      this.reversalRows.push({
        ...{ seq: first + BigInt(index), reverses: this.originalOf(reversal) },
        ...{ before: transfer.reversed, after, original: transfer.amount },
      });
    }
    const answer = more === null ? null : JSON.stringify(more);
    this.note(command, { transferCount: moves.length, refusal: null, answer });
    const effectiveAt = effectiveTime(command.effectiveAt ?? this.at, this.openFrom);
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
    return { outcome: 'posted', ...this.common(command), transfers, ...more };
  }

  private refuse(command: AcceptedCommand, decision: Refused): LedgerResult {
    const refusal = toRefusal(decision);
    this.note(command, { transferCount: 0, refusal: JSON.stringify(refusal), answer: null });
    return { outcome: 'refused', ...this.common(command), ...refusal };
  }

  /** The sequence number of what is reversed; it may be of this very batch. */
  private originalOf({ commandId, place, transfer }: Reversal): bigint {
    if (transfer.seq !== null) return transfer.seq;
    const row = this.commandRows.find(({ id }) => id === commandId);
    invariant(row !== undefined, 'what was decided in this batch has its row');
    return row.firstSeq + BigInt(place);
  }

  private common(command: AcceptedCommand): { commandId: string; batch: string; bookedAt: string } {
    return { commandId: command.id, batch: this.batch.toString(), bookedAt: this.bookedAt };
  }

  private note(
    { id, command, content }: AcceptedCommand,
    outcome: Pick<CommandRow, 'transferCount' | 'refusal' | 'answer'>,
  ): void {
    this.commandRows.push({
      id,
      kind: command.kind,
      content,
      firstSeq: this.nextSeq(),
      metadataSha256: 'metadataSha256' in command ? (command.metadataSha256 ?? null) : null,
      ...outcome,
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
