import { SIMULATED_KINDS } from './commands/index.js';
import type { Coverage } from './coverage.js';
import { FAULT_PLACES, FAULTS } from './plan.js';

const ASKS = ['transfer-chain', 'hold-place', 'hold-capture', 'hold-increase', 'hold-release'];
const FACTS_THAT_STRAY = [
  'payment',
  'refund-success',
  'refund-return',
  'payout-settle',
  'payout-return',
];
const RULE_ASKS = ['payment', 'refund-request', 'settlement-close', 'payout-approve'];
const NEVER_POSTED = ['void'];
const HOLDERS = ['transfer-chain', 'hold-place', 'hold-capture', 'hold-increase'];
/** Nobody can send another content under their ids. */
const NEVER_CONFLICT = ['void', 'period-close'];

/** Everything that a long run must have produced, by name. */
export function wantedCoverage(): readonly string[] {
  const kinds = SIMULATED_KINDS.map(String);
  return [
    ...kinds.filter((kind) => !NEVER_POSTED.includes(kind)).map((kind) => `${kind} posted`),
    ...kinds.filter((kind) => !NEVER_CONFLICT.includes(kind)).map((kind) => `${kind} conflict`),
    ...kinds.flatMap((kind) => FAULTS.map((fault) => `${kind} meets ${fault}`)),
    ...FAULTS.flatMap((fault) => FAULT_PLACES.map((place) => `${fault} at ${place}`)),
    ...[...RULE_ASKS, ...ASKS].map((kind) => `${kind} PERIOD_CLOSED`),
    ...['payment', 'refund-request', 'payout-approve'].map((kind) => `${kind} FLOOR`),
    ...['transfer-chain', 'hold-place', 'hold-increase'].map((kind) => `${kind} FLOOR`),
    ...RULE_ASKS.map((kind) => `${kind} NOTHING_TO_MOVE`),
    ...ASKS.map((kind) => `${kind} NOTHING_TO_MOVE`),
    ...FACTS_THAT_STRAY.map((kind) => `${kind} strays`),
    ...['hold-capture', 'hold-increase', 'hold-release', 'transfer-chain'].flatMap((kind) =>
      ['HOLD_UNKNOWN', 'HOLD_ENDED', 'HOLD_EXPIRED'].map((code) => `${kind} ${code}`),
    ),
    ...['hold-capture', 'hold-release', 'transfer-chain'].map((kind) => `${kind} HOLD_TOO_SMALL`),
    ...[
      'hold-place HOLD_EXPIRED',
      'hold-expire posted',
      'void VOIDED',
      'period-close PERIOD_CLOSED',
    ],
    ...wantedOfTerms(),
    ...wantedOfLimits(),
    ...wantedOfReversals(),
    ...['several holds expire at once', 'a refusal names holds', 'a fact that moves nothing'],
    ...['answer unavailable', 'append-moved', 'append-known', 'clock back', 'clock forward'],
    ...['ghost-appended', 'ghost-moved', 'ghost-known'],
    ...[
      'must be an account of the chart',
      'must not hold more than the books can count',
      'must be an account that a debit takes from',
      'must not be the account that is held',
      'must be a month that is over',
      'must not be a suspense account',
      'must not have more than 8 limits',
      'must be a transfer of the original',
    ].map((rule) => `impossible: ${rule}`),
  ];
}

function wantedOfTerms(): readonly string[] {
  const asks = ['payment', 'refund-request', 'payout-approve', 'settlement-close'];
  return [
    ...['ACCOUNT_CLOSED', 'ACCOUNT_NOT_EMPTY', 'CEILING', 'FLOOR'].map(
      (code) => `account-set ${code}`,
    ),
    ...[...asks, 'transfer-chain'].flatMap((kind) =>
      ['ACCOUNT_FROZEN', 'ACCOUNT_CLOSED'].map((code) => `${kind} ${code}`),
    ),
    ...['payment', 'settlement-close', 'hold-capture', 'transfer-chain'].map(
      (kind) => `${kind} CEILING`,
    ),
    ...['hold-place', 'hold-increase', 'hold-capture', 'reversal'].map(
      (kind) => `${kind} ACCOUNT_FROZEN`,
    ),
    ...['top-up', 'late-payment'].map((kind) => `${kind} strays`),
  ];
}

function wantedOfLimits(): readonly string[] {
  const asks = ['payment', 'refund-request', 'payout-approve', 'settlement-close', 'reversal'];
  return [
    ...[...asks, ...HOLDERS].map((kind) => `${kind} LIMIT`),
    ...['day', 'month', 'rolling'].flatMap((window) =>
      ['later', 'never'].map((when) => `a limit by ${window} ${when} has room`),
    ),
    ...['a limit on an account', 'a limit on a name', 'a limit of the count', 'a limit of the sum'],
  ];
}

function wantedOfReversals(): readonly string[] {
  return [
    ...['ORIGINAL_UNKNOWN', 'REVERSED_ALREADY', 'PERIOD_CLOSED', 'FLOOR'].map(
      (code) => `reversal ${code}`,
    ),
    ...['a reversal of all', 'a reversal in parts', 'a reversal of a reversal', 'a commitment'],
  ];
}

/** What a run should have produced and did not. */
export function unproduced(coverage: Coverage): readonly string[] {
  return wantedCoverage().filter((name) => coverage.of(name) === 0);
}
