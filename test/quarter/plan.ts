import { seeded } from '../support/seeded.js';
import { type Day, daysFrom, isBusinessDay } from './days.js';

/** What goes wrong, once in each round of business days. */
export const MISHAPS = [
  'wrong-iban',
  'returned-payout',
  'twin-statement',
  'missing-statement',
  'psp-payout-fails',
] as const;
export type Mishap = (typeof MISHAPS)[number];

export interface PlannedSale {
  readonly number: string;
  /** Which of the shops. */
  readonly shop: number;
  readonly amountMinor: number;
  readonly method: 'ideal' | 'card';
  /** Zero: nothing is given back. */
  readonly refundMinor: number;
  readonly dispute: 'won' | 'lost' | null;
}

export interface PlannedDay {
  readonly day: Day;
  readonly isBusinessDay: boolean;
  readonly sales: readonly PlannedSale[];
  readonly mishap: Mishap | null;
  /** Whom it hits, where it hits one shop. */
  readonly shop: number;
}

/** Business days until every mishap of a round is healed: a payee's cool-off, a return, and the payout after it. */
const HEALING_DAYS = 5;
const AMOUNT_MINOR_MIN = 150;
const AMOUNT_MINOR_MAX = 6_000;

/** The days of the story, the same for the same seed; the last ones are for what went wrong before. */
export function planOf(of: {
  seed: number;
  first: Day;
  days: number;
  shops: number;
  salesPerShop: number;
}): readonly PlannedDay[] {
  const dice = seeded(of.seed);
  const days = daysFrom(of.first, of.days);
  const business = days.filter(isBusinessDay);
  const mishaps = new Map<Day, Mishap>();
  for (let from = 1; from + MISHAPS.length <= business.length - HEALING_DAYS + 3;) {
    for (const mishap of shuffled(dice)) {
      const day = business[from];
      if (day !== undefined) mishaps.set(day, mishap);
      from += 1;
    }
    from += HEALING_DAYS;
  }
  return days.map((day) => ({
    day,
    isBusinessDay: isBusinessDay(day),
    sales: Array.from({ length: of.shops * of.salesPerShop }, (_, index) =>
      saleOf(dice, { day, index, shops: of.shops }),
    ),
    mishap: mishaps.get(day) ?? null,
    shop: dice.below(of.shops),
  }));
}

type Dice = ReturnType<typeof seeded>;

function saleOf(dice: Dice, of: { day: Day; index: number; shops: number }): PlannedSale {
  const amountMinor = AMOUNT_MINOR_MIN + dice.below(AMOUNT_MINOR_MAX - AMOUNT_MINOR_MIN);
  const method = dice.below(3) === 0 ? 'card' : 'ideal';
  const isRefunded = dice.below(20) === 0;
  const isDisputed = method === 'card' && !isRefunded && dice.below(12) === 0;
  return {
    number: `q${of.day.replaceAll('-', '')}-${String(of.index).padStart(5, '0')}`,
    shop: of.index % of.shops,
    ...{ amountMinor, method },
    refundMinor: isRefunded ? dice.pick([amountMinor, 1 + dice.below(amountMinor)]) : 0,
    dispute: isDisputed ? dice.pick(['won', 'lost']) : null,
  };
}

function shuffled(dice: Dice): readonly Mishap[] {
  const left: Mishap[] = [...MISHAPS];
  return MISHAPS.map(() => {
    const [taken] = left.splice(dice.below(left.length), 1);
    if (taken === undefined) throw new Error('as many are taken as there are');
    return taken;
  });
}
