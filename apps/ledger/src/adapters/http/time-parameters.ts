import { IsIn, Matches, ValidateIf } from 'class-validator';
import { LEDGER_CLOCKS } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** Days that PostgreSQL and ISO 8601 write alike, and on which something can take effect. */
export const FIRST_DAY = '1970-01-01';
export const LAST_DAY = '9998-12-31';

/** What may be left out of a query. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_query, value) => value !== undefined);
}

export function IsInstant(): PropertyDecorator {
  const message = '$property must be an ISO 8601 instant with its offset';
  return Matches(INSTANT, { message });
}

export function IsDay(): PropertyDecorator {
  return Matches(DAY, { message: '$property must be a day, as 2026-11-23' });
}

export function IsClock(): PropertyDecorator {
  return IsIn(LEDGER_CLOCKS, { message: `$property must be ${LEDGER_CLOCKS.join(' or ')}` });
}

/** @throws Refusal PARAM_ERROR for a moment that no calendar has. */
export function instantOf(field: string, text: string): Date {
  const at = new Date(text);
  const day = Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10);
  if (day >= FIRST_DAY && day <= LAST_DAY) return at;
  const rule = 'must be a moment of the calendar between 1970 and 9998';
  throw new Refusal('PARAM_ERROR', { field, rule, value: text, location: 'query' });
}

/** @throws Refusal PARAM_ERROR for a day that no calendar has. */
export function dayOf(field: string, text: string): string {
  const at = instantOf(field, `${text}T00:00:00Z`);
  // The 30th of February is taken for the 2nd of March.
  if (at.getTime() % DAY_MS === 0 && at.toISOString().startsWith(text)) return text;
  const rule = 'must be a day of the calendar';
  throw new Refusal('PARAM_ERROR', { field, rule, value: text, location: 'query' });
}
