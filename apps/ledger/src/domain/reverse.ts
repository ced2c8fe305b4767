import { minorOf } from '@stuiver/money';
import type { Books } from './books.js';
import type { ReversalCommand } from './commands.js';
import { type Decision, impossible, type Move, refused, type Reversal } from './decision.js';
import { placeLeg } from './post-legs.js';
import type { OriginalTransfer } from './rare-state.js';

/** What was posted before and may be taken back, with what this batch has taken back already. */
export class Originals {
  /** By command and place of the transfer. */
  private readonly reversed = new Map<string, bigint>();

  constructor(
    private readonly find: (commandId: string) => readonly OriginalTransfer[] | undefined,
  ) {}

  transfersOf(commandId: string): readonly OriginalTransfer[] {
    return (this.find(commandId) ?? []).map((transfer, place) => ({
      ...transfer,
      reversed: this.reversed.get(keyOf(commandId, place)) ?? transfer.reversed,
    }));
  }

  keep(reversals: readonly Reversal[]): void {
    for (const { commandId, place, after } of reversals) {
      this.reversed.set(keyOf(commandId, place), after);
    }
  }
}

function keyOf(commandId: string, place: number): string {
  return `${commandId}.${String(place)}`;
}

interface Part {
  readonly place: number;
  readonly amount: bigint;
}

/** Takes transfers back by transfers the other way round, on the chain in hand; the caller keeps or drops the chain. */
export function reverse(books: Books, originals: Originals, command: ReversalCommand): Decision {
  const transfers = [...originals.transfersOf(command.commandId)];
  if (transfers.length === 0) return refused('ORIGINAL_UNKNOWN');
  const moves: Move[] = [];
  const reversals: Reversal[] = [];
  for (const { place, amount } of partsOf(command, transfers)) {
    const transfer = transfers[place];
    if (transfer === undefined)
      return impossible('must be a transfer of the original', String(place));
    const left = transfer.amount - transfer.reversed;
    if (amount > left) {
      const { credit } = transfer;
      return refused('REVERSED_ALREADY', {
        account: credit,
        limit: left,
        shortfall: amount - left,
      });
    }
    if (amount === 0n) continue;
    const leg = { debit: transfer.credit, credit: transfer.debit };
    const placed = placeLeg(books, { nature: 'ask', stray: null }, { leg, amount });
    if ('outcome' in placed) return placed;
    moves.push({ purpose: 'reversal', ...books.move(placed, amount, transfer.currency) });
    const after = transfer.reversed + amount;
    reversals.push({ commandId: command.commandId, place, transfer, after });
    transfers[place] = { ...transfer, reversed: after };
  }
  if (moves.length === 0) return refused('REVERSED_ALREADY', { limit: 0n });
  return { outcome: 'posted', moves, reversals };
}

/** All that is left, the last transfer first, so that a chain is undone as it was done; or what is asked for. */
function partsOf({ parts }: ReversalCommand, transfers: readonly OriginalTransfer[]): Part[] {
  if (parts !== null) {
    return parts.map(({ transfer, amountMinor }) => ({
      ...{ place: transfer, amount: minorOf(amountMinor) },
    }));
  }
  const all = transfers.map(({ amount, reversed }, place) => ({
    place,
    amount: amount - reversed,
  }));
  return all.reverse();
}
