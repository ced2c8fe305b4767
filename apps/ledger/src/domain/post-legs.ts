import type { Currency } from '@stuiver/money';
import type { Books, Obstacle } from './books.js';
import { type Decision, impossible, type Move, refused } from './decision.js';
import type { Leg, Posting } from './posting-rules.js';

/** Posts the legs on the chain in hand; the caller keeps or drops the chain. */
export function postLegs(books: Books, posting: Posting, currency: Currency): Decision {
  const moves: Move[] = [];
  let moved = 0n;
  for (const leg of posting.legs) {
    const amount = amountOf(books, leg, moved);
    if (amount === 0n) continue;
    const placed = placeLeg(books, posting, { leg, amount });
    if ('outcome' in placed) return placed;
    moved += amount;
    // Both sides strayed to the same suspense account: nothing is left to move.
    if (placed.debit === placed.credit) continue;
    const { debit, credit } = books.move(placed, amount, currency);
    moves.push({ purpose: leg.purpose, currency, amount, debit, credit });
  }
  if (moves.length > 0 || posting.nature === 'fact') return { outcome: 'posted', moves };
  return refused('NOTHING_TO_MOVE', { account: posting.legs[0]?.debit ?? null });
}

export function amountOf(books: Books, { amount, debit }: Leg, moved: bigint): bigint {
  switch (amount.take) {
    case 'exactly':
      return amount.minor;
    case 'rest':
      return amount.minor - moved;
    case 'all':
      return books.spendableOf(debit);
    case 'up-to':
      return least(books.spendableOf(debit), amount.minor - moved);
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

interface Sides {
  readonly debit: string;
  readonly credit: string;
}

/** Where the leg can go: as the rule says, for a fact perhaps to suspense; or why the ask is refused. */
export function placeLeg(
  books: Books,
  posting: Pick<Posting, 'nature' | 'stray'>,
  { leg, amount }: { leg: Sides; amount: bigint },
): Sides | Decision {
  const placed = { debit: leg.debit, credit: leg.credit };
  for (const side of ['debit', 'credit'] as const) {
    const push = { side, amount, nature: posting.nature };
    let obstacle = books.obstacle({ ...push, code: leg[side] });
    if (obstacle !== undefined && obstacle.kind !== 'beyond-counting' && posting.stray !== null) {
      placed[side] = posting.stray;
      obstacle = books.obstacle({ ...push, code: posting.stray });
    }
    if (obstacle !== undefined) return refusalOf(obstacle);
  }
  return placed;
}

export function refusalOf(obstacle: Obstacle): Decision {
  switch (obstacle.kind) {
    case 'no-such-account':
      return impossible('must be an account of the chart', obstacle.account);
    case 'beyond-counting':
      return impossible('must not hold more than the books can count', obstacle.account);
    case 'holds-nothing':
      return impossible('must be an account that a debit takes from', obstacle.account);
    case 'ACCOUNT_FROZEN':
    case 'ACCOUNT_CLOSED':
      return refused(obstacle.kind, { account: obstacle.account });
    case 'FLOOR':
    case 'CEILING': {
      const { kind, account, limit, shortfall } = obstacle;
      return refused(kind, { account, limit, shortfall });
    }
  }
}
