import type { LedgerRefusal } from '@stuiver/contracts';
import type { Entry, SimulatedCommand } from './model/words.js';

const MOVES_NOTHING: ReadonlySet<string> = new Set(['period-close', 'account-set', 'limit-set']);
const SUSPENSE_OF: Readonly<Record<string, string>> = {
  'psp-payout-failure': 'suspense:psp-payout',
  'psp-merchant-payout': 'suspense:psp-payout',
  'psp-merchant-payout-failure': 'suspense:psp-payout',
  'psp-payout-arrival': 'suspense:psp-payout',
};

type Velocity = LedgerRefusal['velocity'];
interface Answer {
  readonly outcome: string;
  readonly code?: string;
  readonly velocity?: Velocity;
  readonly holds?: unknown;
  readonly transfers?: readonly { readonly debit: string; readonly credit: string }[];
}

/**
 * What a booked command adds to the coverage, by name.
 *
 * @param original  what a reversal was to take back.
 */
export function producedBy(
  command: SimulatedCommand,
  answer: object,
  original: readonly Entry[],
): readonly string[] {
  const { outcome, code, velocity } = answer as Answer;
  const { kind } = command;
  return [
    `${kind} ${code ?? outcome}`,
    ...namesOfLimit(velocity),
    ...namesOfTransfers(kind, answer as Answer),
    ...(command.kind === 'reversal' && outcome === 'posted'
      ? namesOfReversal(command.parts !== null, original)
      : []),
    ...('metadataSha256' in command ? ['a commitment'] : []),
  ];
}

function namesOfTransfers(kind: string, { code, holds, transfers }: Answer): readonly string[] {
  if (code === 'FLOOR' && holds !== undefined) return ['a refusal names holds'];
  if (transfers === undefined) return [];
  if (transfers.length === 0 && holds === undefined && !MOVES_NOTHING.has(kind)) {
    return ['a fact that moves nothing'];
  }
  const suspense = SUSPENSE_OF[kind] ?? `suspense:${kind}`;
  const hasStrayed = transfers.some(
    ({ debit, credit }) => debit === suspense || credit === suspense,
  );
  return hasStrayed ? [`${kind} strays`] : [];
}

function namesOfReversal(isInParts: boolean, original: readonly Entry[]): readonly string[] {
  return [
    isInParts ? 'a reversal in parts' : 'a reversal of all',
    ...(original.some(({ reverses }) => reverses !== null) ? ['a reversal of a reversal'] : []),
  ];
}

function namesOfLimit(refusal: Velocity): readonly string[] {
  if (refusal === undefined) return [];
  const { subject, window, countLeft, freesAt } = refusal;
  return [
    `a limit by ${window} ${freesAt === null ? 'never' : 'later'} has room`,
    `a limit on ${subject.startsWith('account:') ? 'an account' : 'a name'}`,
    `a limit of the ${countLeft === '0' ? 'count' : 'sum'}`,
  ];
}
