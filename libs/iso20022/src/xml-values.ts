import { isValidIBAN } from 'ibantools';
import { Money } from '@stuiver/money';
import { isRealDate } from './real-date.js';
import { refuse, type XmlElement } from './xml-reader.js';

/** The element at the end of a path of names, each of which stands at most once; undefined when one is absent. */
export function find(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  let at: XmlElement | undefined = element;
  for (const name of names) {
    if (at === undefined) return undefined;
    const [first, second]: readonly XmlElement[] = all(at, name);
    if (second !== undefined) refuse(`${at.path}/${name}`, 'stands once');
    at = first;
  }
  return at;
}

export function all(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

export function need(element: XmlElement, ...names: readonly string[]): XmlElement {
  return find(element, ...names) ?? refuse(`${element.path}/${names.join('/')}`, 'must be there');
}

/** Text without the white space around it; null when it is absent or holds nothing. */
export function text(element: XmlElement, ...names: readonly string[]): string | null {
  const found = find(element, ...names)?.text.trim() ?? '';
  return found === '' ? null : found;
}

export function needText(element: XmlElement, ...names: readonly string[]): string {
  return text(element, ...names) ?? refuse(`${element.path}/${names.join('/')}`, 'must be there');
}

/** An amount of at most two decimals, without sign. @throws Refusal when it is anything but euros. */
export function euros(amount: XmlElement): Money {
  if (amount.attributes.get('Ccy') !== 'EUR') refuse(`${amount.path}/@Ccy`, 'must be EUR');
  const written = amount.text.trim();
  if (!/^\d{1,16}(\.\d{1,2})?$/.test(written)) {
    refuse(amount.path, 'must be an amount of at most two decimals, without sign');
  }
  return Money.parseMajor(written, 'EUR');
}

export function iban(element: XmlElement): string {
  const written = element.text.trim();
  if (!isValidIBAN(written)) refuse(element.path, 'must be an IBAN, check digits and all');
  return written;
}

/** The day that is written, in whatever zone it was written; from `Dt` or from the first half of `DtTm`. */
export function day(element: XmlElement): string {
  const written = element.text.trim().slice(0, 'YYYY-MM-DD'.length);
  if (!isRealDate(written)) refuse(element.path, 'must be a real date');
  return written;
}

/** A date and time; without offset it is taken as UTC. */
export function instant(element: XmlElement): Date {
  const written = element.text.trim();
  const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/.exec(
    written,
  );
  const date = new Date(shape?.[2] === undefined ? `${written}Z` : written);
  if (shape === null || Number.isNaN(date.getTime()) || !isRealDate(written.slice(0, 10))) {
    refuse(element.path, 'must be a date and time');
  }
  return date;
}

export function flag(element: XmlElement | undefined): boolean {
  if (element === undefined) return false;
  const written = element.text.trim();
  if (['true', '1'].includes(written)) return true;
  return ['false', '0'].includes(written) ? false : refuse(element.path, 'must be true or false');
}
