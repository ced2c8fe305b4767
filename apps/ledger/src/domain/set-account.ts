import { minorOf } from '@stuiver/money';
import type { Books } from './books.js';
import { type AccountState, type AccountTerms, hardFloorOf } from './chart-of-accounts.js';
import type { AccountSetCommand } from './commands.js';
import { type Decision, impossible, refused } from './decision.js';

const AS_OPENED: AccountTerms = { condition: 'open', floor: null, ceiling: null };

/** Sets what may happen to an account from here on, opening it if need be. */
export function setAccount(books: Books, command: AccountSetCommand): Decision {
  const before = books.accountOrOpening(command.account, command.currency);
  if (before === undefined) return impossible('must be an account of the chart', command.account);
  // What no rule can place must find its place.
  if (before.code.startsWith('suspense:')) {
    return impossible('must not be a suspense account', before.code);
  }
  const was = before.terms ?? AS_OPENED;
  const terms: AccountTerms = {
    condition: command.state ?? was.condition,
    floor: minorOr(command.floorMinor, was.floor),
    ceiling: minorOr(command.ceilingMinor, was.ceiling),
  };
  const account = { ...before, terms: isAsOpened(terms) ? null : terms };
  const objection = objectionTo(account, was);
  if (objection !== undefined) return objection;
  books.putAccount(account);
  return { outcome: 'posted', moves: [], account };
}

/** Why the account as it stands cannot have these terms. */
function objectionTo(account: AccountState, was: AccountTerms): Decision | undefined {
  const { code, balance, held } = account;
  const { condition, ceiling } = account.terms ?? AS_OPENED;
  if (was.condition === 'closed') return refused('ACCOUNT_CLOSED', { account: code });
  if (condition === 'closed' && (balance !== 0n || held !== 0n)) {
    return refused('ACCOUNT_NOT_EMPTY', { account: code, limit: 0n, shortfall: balance });
  }
  // Without a floor of its own it has the chart's again.
  const floor = hardFloorOf(account);
  const free = balance - held;
  if (floor !== null && free < floor) {
    return refused('FLOOR', { account: code, limit: floor, shortfall: floor - free });
  }
  if (ceiling !== null && balance > ceiling) {
    return refused('CEILING', { account: code, limit: ceiling, shortfall: balance - ceiling });
  }
  return undefined;
}

function isAsOpened({ condition, floor, ceiling }: AccountTerms): boolean {
  return condition === 'open' && floor === null && ceiling === null;
}

/** Absent: as it was. Null: none of its own. */
function minorOr(text: string | null | undefined, was: bigint | null): bigint | null {
  if (text === undefined) return was;
  if (text === null) return null;
  return text.startsWith('-') ? -minorOf(text.slice(1)) : minorOf(text);
}
