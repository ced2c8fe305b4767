/**
 * Where a payout is. `refused`: it never went to the bank. `settled`: the bank's statement shows it. `rejected`: the
 * bank never paid it. `returned`: paid, and it came back.
 */
export type PayoutState =
  'prepared' | 'approved' | 'exported' | 'settled' | 'rejected' | 'returned' | 'refused';

/** What the bank did about a payout that it was given. */
export type BankAnswer = 'settled' | 'rejected' | 'returned';

/** Row: where the payout is. Column: what the bank did. '=' is a repeat, '!' cannot follow. */
// prettier-ignore
const NEXT = {
  prepared: { settled: '!',       rejected: '!',        returned: '!' },
  approved: { settled: '!',       rejected: '!',        returned: '!' },
  exported: { settled: 'settled', rejected: 'rejected', returned: '!' },
  settled:  { settled: '=',       rejected: '!',        returned: 'returned' },
  rejected: { settled: '!',       rejected: '=',        returned: '!' },
  returned: { settled: '=',       rejected: '!',        returned: '=' },
  refused:  { settled: '!',       rejected: '!',        returned: '!' },
} as const satisfies Record<PayoutState, Record<BankAnswer, PayoutState | '=' | '!'>>;

/** The state after it; 'repeat' when it happened already, 'refused' when it cannot happen here. */
export function nextPayoutState(
  state: PayoutState,
  answer: BankAnswer,
): BankAnswer | 'repeat' | 'refused' {
  const next = NEXT[state][answer];
  if (next === '=') return 'repeat';
  return next === '!' ? 'refused' : next;
}

/** What the bank's code means, in words; the code itself when it is not one of these. Source: ISO 20022 external codes. */
const REASONS: Readonly<Record<string, string>> = {
  AC01: 'the account number is wrong',
  AC04: 'the account is closed',
  AC06: 'the account is blocked',
  AG01: 'such a payment is forbidden on this account',
  AM04: 'the paying account has not enough',
  BE04: 'the payee’s address is missing',
  MD07: 'the account holder has died',
  MS02: 'the payee refused it',
  MS03: 'the bank gave no reason',
  RR03: 'the payee’s name or address is missing',
  RR04: 'a legal reason',
  TECH: 'a technical fault',
};

export function reasonInWords(code: string): string {
  const words = REASONS[code];
  return words === undefined ? code : `${code}: ${words}`;
}
