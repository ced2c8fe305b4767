import type { LedgerCommand, LedgerCommandKind, LedgerCommandOf } from '@stuiver/contracts';
import { commandIdOf } from '@stuiver/ids';
import type { BankLine } from '../domain/bank-line.js';
import type { Placement } from '../domain/matching-rules.js';
import type { Intent, MoneyOfPayout, UndoneMatch } from './recon-ports.js';
import type { WriteOff } from './write-off-ports.js';

/** The ledger's name of our own bank account: `bank:main`. */
export const OUR_BANK = 'main';
export const PSP = 'stripe';

type Line = Pick<BankLine, 'id' | 'amount' | 'bookedOn'> & {
  /** How often its match was taken back: each time it is booked anew. */
  readonly round: number;
};

/** What the books must be told when a line is placed: each payout it pays, the one it returns, or the PSP's arrival. */
export function intentsOf(
  line: Line,
  placement: Placement,
  payouts: readonly MoneyOfPayout[],
): readonly Intent[] {
  if ('pspPayoutId' in placement) return [arrival(line, placement)];
  return payouts.map((payout) =>
    placement.kind === 'settle' ? settle(line, payout) : returned(line, payout, placement.code),
  );
}

function settle(line: Line, payout: MoneyOfPayout): Intent {
  return {
    ...{ bankLineId: line.id, pspTransactionId: null },
    end: { payoutId: payout.id, state: 'settled', code: null },
    command: {
      kind: 'payout-settle',
      id: commandIdOf('payout-settle', payout.id),
      effectiveAt: effectiveAt(line),
      payoutId: payout.id,
      merchantId: payout.merchantId,
      bank: OUR_BANK,
      ...money(payout.amount.minor),
    },
  };
}

function returned(line: Line, payout: MoneyOfPayout, code: string): Intent {
  return {
    ...{ bankLineId: line.id, pspTransactionId: null },
    end: { payoutId: payout.id, state: 'returned', code },
    command: {
      kind: 'payout-return',
      id: commandIdOf('payout-return', payout.id),
      effectiveAt: effectiveAt(line),
      payoutId: payout.id,
      merchantId: payout.merchantId,
      bank: OUR_BANK,
      afterSettlement: true,
      ...money(payout.amount.minor),
    },
  };
}

/** The bank refused it before it paid. */
export function rejectionOf(payout: MoneyOfPayout, code: string, at: Date): Intent {
  return {
    ...{ bankLineId: null, pspTransactionId: null },
    end: { payoutId: payout.id, state: 'rejected', code },
    command: {
      kind: 'payout-return',
      id: commandIdOf('payout-return', payout.id),
      effectiveAt: at.toISOString(),
      payoutId: payout.id,
      merchantId: payout.merchantId,
      bank: OUR_BANK,
      afterSettlement: false,
      ...money(payout.amount.minor),
    },
  };
}

function arrival(
  line: Line,
  { kind, pspPayoutId }: { readonly kind: 'arrival' | 'taken-back'; readonly pspPayoutId: string },
): Intent {
  const back = kind === 'taken-back';
  const { minor } = line.amount;
  return {
    ...{ bankLineId: line.id, pspTransactionId: null, end: null },
    command: {
      kind: 'psp-payout-arrival',
      id: commandIdOf('psp-payout-arrival', nameOf(line)),
      effectiveAt: effectiveAt(line),
      ...{ bankLineId: line.id, pspPayoutId, psp: PSP, bank: OUR_BANK },
      ...(back ? { back } : {}),
      ...money(back ? -minor : minor),
    },
  };
}

/** A person took the match back: the same the other way round. */
export function arrivalUndone(line: Line, match: UndoneMatch): Intent {
  const kind = match.isTakenBack ? 'taken-back' : 'arrival';
  const { command, ...rest } = arrival(line, { kind, pspPayoutId: match.pspPayoutId });
  const { back, ...same } = command as LedgerCommandOf<'psp-payout-arrival'>;
  const id = commandIdOf('psp-payout-arrival-undone', nameOf(line));
  return { ...rest, command: { ...same, id, ...(back === true ? {} : { back: true as const }) } };
}

/** No rule places the line; or, when one did after all, the same taken back out of suspense. */
export function suspenseOf(line: Line, kind: 'bank-line-unplaced' | 'bank-line-placed'): Intent {
  const { minor } = line.amount;
  return {
    ...{ bankLineId: line.id, pspTransactionId: null, end: null },
    command: {
      kind,
      id: commandIdOf(kind, nameOf(line)),
      effectiveAt: effectiveAt(line),
      ...{ bankLineId: line.id, bank: OUR_BANK, direction: minor < 0n ? 'out' : 'in' },
      ...money(minor < 0n ? -minor : minor),
    },
  };
}

/** Two people agreed that it is nobody's: out of suspense, onto the account of the reason. */
export function writeOffOf(
  line: Pick<BankLine, 'id' | 'bookedOn'>,
  { id, reason, amount: { minor } }: Pick<WriteOff, 'id' | 'reason' | 'amount'>,
): Intent {
  return {
    ...{ bankLineId: line.id, pspTransactionId: null, end: null },
    command: {
      kind: 'bank-line-written-off',
      id: commandIdOf('bank-line-written-off', id),
      effectiveAt: effectiveAt(line),
      ...{ bankLineId: line.id, reason, direction: minor < 0n ? 'out' : 'in' },
      ...money(minor < 0n ? -minor : minor),
    },
  };
}

type Moves = { readonly bank: bigint; readonly transit: bigint };
type MovesOfKind = {
  readonly [Kind in LedgerCommandKind]?: (
    command: LedgerCommandOf<Kind>,
    amount: bigint,
  ) => Partial<Moves>;
};

const MOVES: MovesOfKind = {
  'payout-settle': (_command, amount) => ({ bank: -amount }),
  'payout-return': ({ afterSettlement }, amount) => ({ bank: afterSettlement ? amount : 0n }),
  'psp-payout-arrival': ({ back }, amount) =>
    back === true ? { bank: -amount, transit: amount } : { bank: amount, transit: -amount },
  'bank-line-unplaced': ({ direction }, amount) => ({
    bank: direction === 'in' ? amount : -amount,
  }),
  'bank-line-placed': ({ direction }, amount) => ({ bank: direction === 'in' ? -amount : amount }),
  'psp-payout': (_command, amount) => ({ transit: amount }),
  'psp-payout-failure': (_command, amount) => ({ transit: -amount }),
};

/** What a recorded command changes of `bank:main` and of the PSP's transit, signed minor units. */
export function movesOf({ command }: Intent): Moves {
  const amount = 'amountMinor' in command ? BigInt(command.amountMinor ?? 0) : 0n;
  // The table pairs every kind with its own command; the compiler cannot follow that pair through an index.
  const moves = MOVES[command.kind] as
    ((command: LedgerCommand, amount: bigint) => Partial<Moves>) | undefined;
  return { bank: 0n, transit: 0n, ...moves?.(command, amount) };
}

function nameOf({ id, round }: Line): string {
  return round === 0 ? id : `${id}:${String(round)}`;
}

function money(minor: bigint): { amountMinor: string; currency: 'EUR' } {
  return { amountMinor: minor.toString(), currency: 'EUR' };
}

function effectiveAt(line: Pick<BankLine, 'bookedOn'>): string {
  return `${line.bookedOn}T00:00:00.000Z`;
}
