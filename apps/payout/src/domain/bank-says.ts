/** What an ISO status of a payment means for us; `payee-check`: whether the payee's name fits the account (VoP). */
export type Meaning = 'accepted' | 'rejected' | 'payee-check';

const MEANINGS: Readonly<Record<string, Meaning>> = {
  RJCT: 'rejected',
  CANC: 'rejected',
  RCVC: 'payee-check',
  RVMC: 'payee-check',
  RVCM: 'payee-check',
  RVNM: 'payee-check',
  RVNA: 'payee-check',
};

/** A status that is none of these says that it is under way, or done: the statement tells. */
export function meaningOf(status: string): Meaning {
  return MEANINGS[status] ?? 'accepted';
}
