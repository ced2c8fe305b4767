import type { ChainStep, Command, DecidableCommand } from '../domain/commands.js';
import { decide, type Decision, type LedgerState, NEW_LEDGER } from '../domain/decide.js';

/** What every command of a test has in common. */
export const COMMON = { effectiveAt: '2026-11-23T12:00:00.000Z', currency: 'EUR' } as const;
export const WALLET = 'user:usr_a:wallet';

export interface Booked {
  readonly state: LedgerState;
  readonly decisions: readonly Decision[];
  readonly last: Decision | undefined;
}

/** Decides the commands as one batch, and gives the state after it. */
export function book(state: LedgerState, ...commands: readonly Command[]): Booked {
  const entries = commands.map((command) => ({ command, content: JSON.stringify(command) }));
  const decided = decide(state, entries);
  const { changed, lastAccount, openFrom, rare, decisions } = decided;
  const next: LedgerState = {
    accounts: new Map([...state.accounts, ...changed]),
    lastAccount,
    at: state.at,
    openFrom,
    rare: {
      originals: state.rare.originals,
      holds: new Map([...state.rare.holds, ...rare.holds]),
      subjects: new Map([...state.rare.subjects, ...rare.subjects]),
      standing: new Map([[WALLET, []]]),
    },
  };
  return { state: next, decisions, last: decisions.at(-1) };
}

/** Decides them one batch after the other. */
export function bookEach(state: LedgerState, ...commands: readonly Command[]): Booked {
  let booked: Booked = { state, decisions: [], last: undefined };
  for (const command of commands) {
    const next = book(booked.state, command);
    booked = { ...next, decisions: [...booked.decisions, ...next.decisions] };
  }
  return booked;
}

export function topUp(id: string, amountMinor: string, userId = 'usr_a'): DecidableCommand {
  return { kind: 'top-up', id, ...COMMON, amountMinor, userId, psp: 'stripe' };
}

/** From the wallet, without a fee. */
export function pay(
  id: string,
  amountMinor: string,
  over: { readonly subjects?: readonly string[]; readonly merchantId?: string } = {},
): DecidableCommand {
  const funds = { kind: 'wallet', userId: 'usr_a' } as const;
  const merchantId = '1900000001';
  return { kind: 'payment', id, ...COMMON, merchantId, amountMinor, feeMinor: '0', funds, ...over };
}

export function chain(id: string, ...steps: readonly ChainStep[]): DecidableCommand {
  return { kind: 'transfer-chain', id, ...COMMON, steps };
}

export function transfer(
  debit: string,
  credit: string,
  amountMinor: string,
  take: 'exactly' | 'up-to' = 'exactly',
): ChainStep {
  return { do: 'transfer', purpose: 'gift', debit, credit, amountMinor, take };
}

/** A wallet with so much in it, at that moment. */
export function funded(at: string, amountMinor = '1000'): LedgerState {
  return book({ ...NEW_LEDGER, at: new Date(at) }, topUp('0', amountMinor)).state;
}
