import type { seeded } from '../support/seeded.js';

type Chance = ReturnType<typeof seeded>;

/** What one order goes through; drawn before anything happens. */
export interface HostileOrder {
  readonly number: string;
  /** Unlike that of any other order, so that a booking tells its order. */
  readonly amountMinor: number;
  readonly method: 'wallet' | 'ideal' | 'card';
  readonly payerPlace: number;
  readonly isTappedTwice: boolean;
  /** iDEAL: a second tab opens while the first is at the bank. */
  readonly hasTwoTabs: boolean;
  readonly bank: 'authorise' | 'fail';
  /** `never`: the tab is closed at the bank after the answer. `late`: the answer comes when the faults are over. */
  readonly comesBack: 'now' | 'never' | 'late' | 'after-expiry';
  readonly fault: 'answer-500' | 'drop-connection' | 'answer-429' | null;
  readonly isRefunded: boolean;
}

const CHEAPEST_WALLET_MINOR = 50;
const CHEAPEST_PSP_MINOR = 2_000;

export function planOf(
  chance: Chance,
  options: { count: number; payers: number },
): readonly HostileOrder[] {
  let wallets = 0;
  return Array.from({ length: options.count }, (_, place) => {
    const method = methodOf(chance.below(100));
    if (method === 'wallet') wallets += 1;
    return {
      number: `hostile-${String(place).padStart(8, '0')}`,
      // Small ones from the wallets, which hold only so much.
      amountMinor:
        method === 'wallet' ? CHEAPEST_WALLET_MINOR + wallets : CHEAPEST_PSP_MINOR + place,
      method,
      payerPlace: chance.below(options.payers),
      isTappedTwice: chance.below(100) < 20,
      hasTwoTabs: chance.below(100) < 10,
      bank: chance.below(100) < 88 ? 'authorise' : 'fail',
      comesBack: comesBackOf(chance.below(100)),
      fault: faultOf(chance.below(100)),
      isRefunded: chance.below(100) < 8,
    };
  });
}

function methodOf(thrown: number): HostileOrder['method'] {
  if (thrown < 8) return 'wallet';
  return thrown < 25 ? 'card' : 'ideal';
}

function comesBackOf(thrown: number): HostileOrder['comesBack'] {
  if (thrown < 55) return 'now';
  if (thrown < 80) return 'never';
  return thrown < 92 ? 'late' : 'after-expiry';
}

/** In percent of the orders: 5 are done and answered 500, 1 loses its connection, 1 is told to come back. */
function faultOf(thrown: number): HostileOrder['fault'] {
  if (thrown < 5) return 'answer-500';
  if (thrown === 5) return 'drop-connection';
  return thrown === 6 ? 'answer-429' : null;
}
