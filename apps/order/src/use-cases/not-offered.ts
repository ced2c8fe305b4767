import { Refusal } from '@stuiver/errors';

/** What a wallet does not have where the PSP holds the merchants' money: the operator has no licence to keep payers'. */
export function notOffered(what: string): Refusal {
  return new Refusal('NOT_OFFERED', { rule: `a wallet has no ${what.replace(/^an? /, '')} here` });
}
