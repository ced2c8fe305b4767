import type { FeeExplained, PriceLine, PriceTerms } from '@stuiver/console-api';
import { language } from '../state.js';
import { codeWord } from './code-words.js';
import { dayText, euros, Table } from './parts.js';
import { wholesOf } from './price-numbers.js';
import { pw } from './price-words.js';

export const COMMAS = { nl: ',', en: '.' } as const;

/** What a price list says, line by line. */
export function Terms({ caption, terms }: { caption: string; terms: PriceTerms }) {
  const p = pw.value;
  return (
    <>
      <Table
        caption={caption}
        heads={[p.list, p.price, p.vat]}
        rows={terms.lines.map((line) => ({
          key: line.method,
          cells: [methodText(line.method), priceText(line), vatText(line)],
        }))}
      />
      <p class="soft">
        {p.withoutVat} {terms.onRefund === 'kept' ? p.kept : p.returned}
      </p>
    </>
  );
}

/** “1,4 % + € 0,25, iDEAL, standaardprijslijst van 1 november 2026” */
export function FeeWhy({ fee }: { fee: FeeExplained }) {
  const p = pw.value;
  const method = fee.line.method === 'default' ? p.otherMethods : methodText(fee.line.method);
  const why = p.feeIs
    .replace('{price}', priceText(fee.line))
    .replace('{method}', method)
    .replace('{list}', fee.list === 'standard' ? p.standardList : p.ownList)
    .replace('{day}', dayOf(fee.validFrom));
  const vat = fee.vatMinor === '0' ? vatText(fee.line) : ofWhichVat(fee.vatMinor);
  return (
    <span class="soft">
      {why}; {vat}
    </span>
  );
}

function ofWhichVat(minor: string): string {
  return pw.value.ofWhichVat.replace('{amount}', euros(minor));
}

/** The day in Amsterdam on which prices begin. */
export function dayOf(at: string): string {
  const inAmsterdam = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' });
  return dayText(inAmsterdam.format(new Date(at)));
}

export function methodText(method: PriceLine['method']): string {
  return method === 'default' ? pw.value.otherMethods : codeWord('method', method);
}

/** Share, fixed part and what bounds them. */
function priceText({ basisPoints, fixedMinor, minimumMinor, capMinor }: PriceLine): string {
  const p = pw.value;
  const share = percentText(wholesOf(basisPoints, COMMAS[language.value]));
  const sum =
    fixedMinor === '0'
      ? share
      : p.plus.replace('{share}', share).replace('{fixed}', euros(fixedMinor));
  const least = minimumMinor === '0' ? [] : [p.minimum.replace('{amount}', euros(minimumMinor))];
  const most = capMinor === null ? [] : [p.cap.replace('{amount}', euros(capMinor))];
  return [sum, ...least, ...most].join(', ');
}

function vatText({ vat: { reason, percent } }: PriceLine): string {
  const p = pw.value;
  if (reason === 'exempt') return p.exempt;
  if (reason === 'reverse-charge') return p.reverseCharge;
  return p.vatCharged.replace(
    '{percent}',
    percentText(percent.replace('.', COMMAS[language.value])),
  );
}

function percentText(number: string): string {
  return language.value === 'nl' ? `${number} %` : `${number}%`;
}
