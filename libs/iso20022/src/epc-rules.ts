import { isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';
import { Refusal } from '@stuiver/errors';
import type { Money } from '@stuiver/money';
import { toEpcText } from './epc-text.js';

/*
 * What the EPC's rules for SEPA credit transfers demand and the message's XSD does not. Each check returns the text as
 * the bank gets it. Names and account numbers are never in the refusal: it may be logged.
 */

const NAME_CHARACTERS_MAX = 70;
const REMITTANCE_CHARACTERS_MAX = 140;
const ID_CHARACTERS_MAX = 35;
const AMOUNT_MINOR_MAX = 99_999_999_999n;
const ID_TEXT = /^[A-Za-z0-9/?:().,'+-]+( [A-Za-z0-9/?:().,'+-]+)*$/;

export function refuse(field: string, rule: string, value = ''): never {
  throw new Refusal('PARAM_ERROR', { field, rule, value });
}

/** @throws Refusal PARAM_ERROR when nothing readable is left of it, or too much. */
export function epcName(field: string, name: string): string {
  const text = toEpcText(name);
  if (!/[A-Za-z0-9]/.test(text)) {
    refuse(
      field,
      'must have Latin, Greek or Bulgarian letters or digits: the name as the bank knows it',
    );
  }
  if (text.length > NAME_CHARACTERS_MAX) refuse(field, 'must be at most 70 characters');
  return text;
}

/** @throws Refusal PARAM_ERROR when the check digits or the length are wrong, or no SEPA bank holds it. */
export function sepaIban(field: string, iban: string): string {
  const text = iban.replaceAll(/ /g, '').toUpperCase();
  if (!isValidIBAN(text)) refuse(field, 'must be an IBAN with right check digits');
  if (!isSEPACountry(text.slice(0, 2))) refuse(field, 'must be an account in a SEPA country');
  return text;
}

export function bic(field: string, code: string): string {
  if (!isValidBIC(code) || code.startsWith('NOTPROVIDED'))
    refuse(field, 'must be a BIC of 8 or 11 characters');
  return code;
}

/** References travel through every bank unchanged, so they are refused, never rewritten. */
export function reference(field: string, id: string): string {
  if (id.length > ID_CHARACTERS_MAX) refuse(field, 'must be at most 35 characters', id);
  if (!ID_TEXT.test(id)) refuse(field, "must be letters, digits and / - ? : ( ) . , ' +", id);
  if (id.startsWith('/') || id.endsWith('/') || id.includes('//')) {
    refuse(field, 'must not start or end with /, nor have //', id);
  }
  return id;
}

export function remittance(field: string, text: string): string {
  const latin = toEpcText(text);
  if (latin === '') refuse(field, 'must say something');
  if (latin.length > REMITTANCE_CHARACTERS_MAX) refuse(field, 'must be at most 140 characters');
  if (latin.startsWith('/') || latin.includes('//'))
    refuse(field, 'must not start with /, nor have //');
  return latin;
}

/** Major units, as the file prints them. */
export function amount(field: string, money: Money): string {
  if (money.minor < 1n || money.minor > AMOUNT_MINOR_MAX) {
    refuse(field, 'must be from 0.01 to 999999999.99 euros', money.toMajorText());
  }
  return money.toMajorText();
}

/** A day that exists: the 31st of June is refused. */
export function calendarDay(field: string, day: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const time = parts === null ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) {
    refuse(field, 'must be a day of the calendar, as YYYY-MM-DD', day);
  }
  return day;
}
