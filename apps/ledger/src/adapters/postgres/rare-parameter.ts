import type { HoldState } from '../../domain/hold.js';
import { remainingOf } from '../../domain/hold.js';
import { type AccountState, hardFloorOf } from '../../domain/chart-of-accounts.js';
import type { VelocityLimit } from '../../domain/velocity.js';
import type { BatchRows, HoldRow, RareRows } from '../../use-cases/ledger-store.js';

/*
 * The last parameter of `ledger.append_batch`: everything that few batches write, as one JSON text. Keys are column
 * names; amounts are text, because a JSON number is a float.
 */

/** Null when the batch writes nothing of the kind. */
export function rareParameter({ rare, commands }: BatchRows): string | null {
  const answers = commands.flatMap(({ id, answer }) => (answer === null ? [] : [[id, answer]]));
  if (rare === null && answers.length === 0) return null;
  return JSON.stringify({
    ...(rare === null ? {} : rowsOf(rare)),
    answers: Object.fromEntries(answers) as unknown,
  });
}

function rowsOf(rare: RareRows): Record<string, unknown> {
  return {
    terms: rare.terms.map(termsColumns),
    holds_placed: rare.holdsPlaced.map(holdColumns),
    holds_changed: rare.holdsChanged.map(holdColumns),
    limits_set: rare.limitsSet.map(({ subject, limit }) => limitColumns(subject, limit)),
    limits_removed: rare.limitsRemoved,
    counters: rare.counters.map(({ subject, name, slotMs, count, sum }) => ({
      ...{ subject, name },
      slot: new Date(slotMs).toISOString(),
      ...{ count: count.toString(), sum_minor: sum.toString() },
    })),
    counters_swept: rare.swept.map(({ subject, name, beforeMs }) => ({
      ...{ subject, name },
      before: beforeMs === null ? 'infinity' : new Date(beforeMs).toISOString(),
    })),
    reversals: rare.reversals.map(({ seq, reverses, before, after, original }) => ({
      ...{ seq: seq.toString(), reverses: reverses.toString() },
      ...{ before_minor: before.toString(), after_minor: after.toString() },
      original_minor: original.toString(),
    })),
  };
}

function termsColumns(account: AccountState): Record<string, unknown> {
  const { id, terms, limits } = account;
  return {
    id: id.toString(),
    state: terms?.condition ?? 'open',
    floor_minor: textOf(hardFloorOf(account)),
    own_floor_minor: textOf(terms?.floor),
    ceiling_minor: textOf(terms?.ceiling),
    limited: limits !== null,
  };
}

function holdColumns({ hold, accountId }: HoldRow): Record<string, unknown> {
  return {
    id: hold.id,
    account: accountId.toString(),
    currency: hold.currency,
    placed_minor: hold.placed.toString(),
    captured_minor: hold.captured.toString(),
    released_minor: hold.released.toString(),
    remaining_minor: remainingOf(hold).toString(),
    state: hold.condition,
    expires_at: expiryOf(hold),
  };
}

function expiryOf({ expiresAt }: HoldState): string | null {
  return expiresAt?.toISOString() ?? null;
}

function limitColumns(subject: string, limit: VelocityLimit): Record<string, unknown> {
  const { name, window, side, counterparty, countMax, sumMax } = limit;
  return {
    ...{ subject, name, side, counterparty },
    window_kind: window.kind,
    window_seconds: window.kind === 'rolling' ? window.seconds : null,
    count_max: textOf(countMax),
    sum_max_minor: textOf(sumMax),
  };
}

function textOf(value: bigint | null | undefined): string | null {
  return value?.toString() ?? null;
}
