import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountState } from './chart-of-accounts.js';
import type { Command } from './commands.js';
import {
  NEW_LEDGER,
  decide,
  type CommandToDecide,
  type Decided,
  type Decision,
  type LedgerState,
} from './decide.js';
import { isStepCommand } from './steps.js';
import { postingOf } from './posting-rules.js';

const RUNS = { numRuns: 300 };
const merchantId = fc.constantFrom('1900000001', '1900000002');
const userId = fc.constantFrom('usr_a', 'usr_b');
const upTo = (max: number) => fc.integer({ min: 0, max }).map(String);
const [amountMinor, small] = [upTo(300), upTo(20)];
const account = fc.constantFrom(null, '1900000001', '1900000002');
const funds = fc.oneof(
  userId.map((id) => ({ kind: 'wallet' as const, userId: id })),
  fc.record({ kind: fc.constant('psp' as const), psp: fc.constant('stripe'), account }),
);
const uuidOf = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
// Few ids, so that repeats and conflicts happen.
const common = {
  id: fc.integer({ min: 1, max: 60 }).map(uuidOf),
  effectiveAt: fc.constant('2026-11-23T10:00:00.000Z'),
  currency: fc.constant('EUR' as const),
};
const ofMerchant = { ...common, merchantId, amountMinor };
const ofPsp = { ...ofMerchant, psp: fc.constant('stripe') };
const kind = <Kind extends string>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: kind('payment'), ...ofMerchant, funds, feeMinor: small }),
  fc.record({ kind: kind('late-payment'), ...ofPsp, account, applicationFeeMinor: small }),
  fc.record({ kind: kind('psp-merchant-payout'), ...ofPsp }),
  fc.record({ kind: kind('psp-merchant-payout-failure'), ...ofPsp }),
  fc.record({
    kind: kind('refund-request'),
    ...ofMerchant,
    from: fc.constantFrom('merchant' as const, 'late-payment' as const),
  }),
  fc.record({ kind: kind('refund-success'), ...ofMerchant, to: funds, feeBackMinor: small }),
  fc.record({ kind: kind('refund-return'), ...ofMerchant, to: funds }),
  fc.record({ kind: kind('top-up'), ...common, amountMinor, userId, psp: fc.constant('stripe') }),
  fc.record({ kind: kind('settlement-close'), ...common, merchantId }),
  fc.record({ kind: kind('payout-approve'), ...ofMerchant }),
  fc.record({ kind: kind('payout-settle'), ...ofMerchant, bank: fc.constant('main') }),
  fc.record({
    kind: kind('payout-return'),
    ...ofMerchant,
    bank: fc.constant('main'),
    afterSettlement: fc.boolean(),
  }),
  fc.record({ kind: kind('void'), id: common.id }),
);
const batch = fc.array(command, { maxLength: 60 }).map((all) => all.map(toDecide));
const batches = fc.array(batch, { maxLength: 4 });

function toDecide(given: Command): CommandToDecide {
  return { command: given, content: JSON.stringify(given) };
}

/** Applies batches one after the other, as the ledger would. */
function run(
  given: readonly (readonly CommandToDecide[])[],
  check: (
    decided: Decided,
    state: LedgerState,
    commands: readonly CommandToDecide[],
  ) => void = () => undefined,
): LedgerState {
  let state = NEW_LEDGER;
  for (const commands of given) {
    const decided = decide(state, commands);
    check(decided, state, commands);
    state = {
      ...state,
      accounts: new Map([...state.accounts, ...decided.changed]),
      lastAccount: decided.lastAccount,
    };
  }
  return state;
}

function sum(accounts: Iterable<AccountState>, side: 'debit' | 'credit'): bigint {
  let total = 0n;
  for (const account of accounts) if (account.normalSide === side) total += account.balance;
  return total;
}

function expectFloors(decision: Decision, entry: CommandToDecide): void {
  if (decision.outcome !== 'posted') return;
  // A payment's fee is taken from what the same payment brought, however deep a dispute took the merchant.
  const isPlainAsk = !isFact(entry) && entry.command.kind !== 'payment';
  for (const { debit, credit } of decision.moves) {
    for (const { floor, balance } of [debit, credit]) {
      if (floor === 'zero') expect(balance).toBeGreaterThanOrEqual(0n);
    }
    if (isPlainAsk && debit.floor === 'zero-for-asks') {
      expect(debit.balance).toBeGreaterThanOrEqual(0n);
    }
  }
}

function expectExplained(
  { account, shortfall }: Extract<Decision, { outcome: 'refused' }>,
  entry: CommandToDecide,
  state: LedgerState,
): void {
  const { accounts } = state;
  expect(shortfall).toBeGreaterThan(0n);
  const poor = accounts.get(account ?? '');
  // Below zero the limit is where the account stands, and moves with what is given.
  if (poor === undefined || poor.balance < 0n || shortfall === null) return;
  const given = (more: bigint): Decision | undefined => {
    const richer = new Map(accounts).set(poor.code, { ...poor, balance: poor.balance + more });
    return decide({ ...state, accounts: richer }, [entry]).decisions[0];
  };
  expect(given(shortfall - 1n)).toMatchObject({ account: poor.code, shortfall: 1n });
  // Another account may be short too; it is named in its turn.
  expect(given(shortfall)).not.toMatchObject({ account: poor.code });
}

function isFact(entry: CommandToDecide): boolean {
  const { command } = entry;
  if (command.kind === 'void' || isStepCommand(command)) return false;
  if (command.kind === 'account-set' || command.kind === 'limit-set') return false;
  if (command.kind === 'reversal' || command.kind === 'period-close') return false;
  return postingOf(command).nature === 'fact';
}

describe('decide', () => {
  it('meets every kind of outcome in the batches that are made up here', () => {
    const met = new Set<string>();
    for (const given of fc.sample(batches, { numRuns: 300, seed: 1 })) {
      const end = run(given, ({ decisions }) => {
        for (const decision of decisions) {
          met.add(decision.outcome === 'refused' ? decision.code : decision.outcome);
        }
      });
      for (const code of end.accounts.keys()) if (code.startsWith('suspense:')) met.add(code);
    }
    expect([...met]).toEqual(
      expect.arrayContaining([
        ...['posted', 'repeat', 'conflict', 'FLOOR', 'NOTHING_TO_MOVE', 'VOIDED'],
        ...['suspense:late-success', 'suspense:refund-success', 'suspense:refund-return'],
        ...['suspense:payout-settle', 'suspense:payout-return'],
      ]),
    );
  });

  it('keeps debits and credits equal', () => {
    fc.assert(
      fc.property(batches, (given) => {
        const accounts = [...run(given).accounts.values()];
        expect(sum(accounts, 'debit')).toBe(sum(accounts, 'credit'));
      }),
      RUNS,
    );
  });

  it('leaves every balance the sum of its entries, and every version their number', () => {
    fc.assert(
      fc.property(batches, (given) => {
        const sums = new Map<string, bigint>();
        const counts = new Map<string, bigint>();
        const enter = (account: AccountState, signed: bigint): void => {
          sums.set(account.code, (sums.get(account.code) ?? 0n) + signed);
          counts.set(account.code, (counts.get(account.code) ?? 0n) + 1n);
          expect([account.balance, account.version]).toEqual([
            sums.get(account.code),
            counts.get(account.code),
          ]);
        };
        const end = run(given, ({ decisions }) => {
          for (const decision of decisions) {
            if (decision.outcome !== 'posted') continue;
            for (const { amount, debit, credit } of decision.moves) {
              expect(amount).toBeGreaterThan(0n);
              expect(debit.code).not.toBe(credit.code);
              enter(debit, debit.normalSide === 'debit' ? amount : -amount);
              enter(credit, credit.normalSide === 'credit' ? amount : -amount);
            }
          }
        });
        for (const { code, balance, version } of end.accounts.values()) {
          expect([balance, version]).toEqual([sums.get(code), counts.get(code)]);
        }
      }),
      RUNS,
    );
  });

  it('never takes an account below its floor', () => {
    fc.assert(
      fc.property(batches, (given) => {
        run(given, ({ decisions }, _state, commands) => {
          decisions.forEach((decision, index) => {
            const entry = commands[index];
            if (entry !== undefined) expectFloors(decision, entry);
          });
        });
      }),
      RUNS,
    );
  });

  it('refuses no fact', () => {
    fc.assert(
      fc.property(batches, (given) => {
        run(given, ({ decisions }, _state, commands) => {
          commands.forEach((entry, index) => {
            const outcome = decisions[index]?.outcome ?? 'none';
            if (isFact(entry)) expect(['posted', 'repeat', 'conflict']).toContain(outcome);
          });
        });
      }),
      RUNS,
    );
  });

  it('posts a command whole or not at all: what is refused leaves no trace', () => {
    fc.assert(
      fc.property(batches, (given) => {
        run(given, (decided, state, commands) => {
          const posted = commands.filter(
            (_entry, index) => decided.decisions[index]?.outcome === 'posted',
          );
          const alone = decide(state, posted);
          expect([...alone.changed]).toEqual([...decided.changed]);
          expect(alone.lastAccount).toBe(decided.lastAccount);
        });
      }),
      RUNS,
    );
  });

  it('explains a floor: with the shortfall more, and no less, that account stands in the way no longer', () => {
    fc.assert(
      fc.property(batches, (given) => {
        run(given, ({ decisions }, state, commands) => {
          const index = decisions.findIndex(
            (decision) => decision.outcome === 'refused' && decision.code === 'FLOOR',
          );
          const decision = decisions[index];
          const entry = commands[index];
          if (decision?.outcome !== 'refused' || entry === undefined) return;
          const before = decide(state, commands.slice(0, index));
          const accounts = new Map([...state.accounts, ...before.changed]);
          const { lastAccount } = before;
          expectExplained(decision, entry, { ...state, accounts, lastAccount });
        });
      }),
      RUNS,
    );
  });

  it('answers the same id once: a repeat names the first, other content conflicts', () => {
    fc.assert(
      fc.property(batch, (commands) => {
        const { decisions } = decide(NEW_LEDGER, commands);
        const twice = decide(NEW_LEDGER, [...commands, ...commands]);
        expect(twice.decisions.slice(0, commands.length)).toEqual(decisions);
        commands.forEach((_entry, index) => {
          const first = decisions[index];
          const second = twice.decisions[commands.length + index];
          if (first?.outcome === 'conflict')
            expect(['conflict', 'repeat']).toContain(second?.outcome);
          else
            expect(second).toEqual({
              outcome: 'repeat',
              index: first?.outcome === 'repeat' ? first.index : index,
            });
        });
      }),
      RUNS,
    );
  });

  it('gives the same result in one batch as in many', () => {
    fc.assert(
      fc.property(batch, (commands) => {
        const unique = commands.filter(
          (entry, index) =>
            commands.findIndex(({ command: { id } }) => id === entry.command.id) === index,
        );
        const whole = run([unique]);
        const single = run(unique.map((entry) => [entry]));
        expect(new Map(single.accounts)).toEqual(new Map(whole.accounts));
      }),
      RUNS,
    );
  });
});
