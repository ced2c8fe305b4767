import type { Money } from '@stuiver/money';
import {
  LINES_PER_PAGE,
  type SettlementSummary,
  type StatementRow,
} from '../postgres/settlement-view.js';
import { type Language, type Words, WORDS } from './settlement-words.js';

export type { Language } from './settlement-words.js';

/** The merchant's settlements, newest first. `csrf` is set where the pay-out button is offered. */
export function listPage(page: {
  language: Language;
  settlements: readonly SettlementSummary[];
  csrf: string | null;
}): string {
  const { language, settlements, csrf } = page;
  const words = WORDS[language];
  const button =
    csrf === null
      ? ''
      : `<form method="post" action="/settlements/run">
          <input type="hidden" name="csrf" value="${csrf}"><button>${words.runNow}</button>
        </form>`;
  const rows = settlements.map((settlement) => {
    const link = `<a href="/settlements/${settlement.id}">${date(settlement.closedAt, language)}</a>`;
    return `<tr><td>${link}</td><td>${payoutState(settlement, words)}</td>
      <td class="amount">${money(settlement.amount, language)}</td></tr>`;
  });
  const table =
    rows.length === 0
      ? `<p>${words.empty}</p>`
      : `<table>
          <thead><tr><th scope="col">${words.closed}</th><th scope="col">${words.payout}</th>
            <th scope="col" class="amount">${words.amount}</th></tr></thead>
          <tbody>${rows.join('')}</tbody>
        </table>`;
  return layout(language, words.settlements, `<h1>${words.settlements}</h1>${button}${table}`);
}

/** One settlement with its lines down to the order and the ledger's transfer; the total is the payout. */
export function statementPage(page: {
  language: Language;
  settlement: SettlementSummary;
  lines: readonly StatementRow[];
}): string {
  const { language, settlement, lines } = page;
  const words = WORDS[language];
  const title = `${words.settlement} ${date(settlement.closedAt, language)}`;
  const facts = [
    [words.amount, money(settlement.amount, language)],
    [words.payout, payoutState(settlement, words)],
    [words.executionDate, settlement.executionDate ?? '—'],
    [words.account, settlement.ibanLast4 === null ? '—' : `•••• ${escape(settlement.ibanLast4)}`],
    ['EndToEndId', `<code>${escape(settlement.endToEndId ?? '—')}</code>`],
  ];
  const head = [words.booked, words.type, words.order, words.transfer]
    .map((word) => `<th scope="col">${word}</th>`)
    .join('');
  const body = `<p><a href="/settlements">${words.back}</a></p><h1>${title}</h1>
    <dl>${facts.map(([name, value]) => `<dt>${name ?? ''}</dt><dd>${value ?? ''}</dd>`).join('')}</dl>
    <p><a href="/settlements/${settlement.id}/lines.csv">${words.download}</a>
      <a href="/settlements/${settlement.id}/lines.json">${words.downloadJson}</a>
      <a href="/settlements/${settlement.id}/lines.pdf">${words.downloadPdf}</a></p>
    ${lines.length < LINES_PER_PAGE ? '' : `<p>${words.firstLines}</p>`}
    <div class="wide" tabindex="0" role="region" aria-label="${words.lines}"><table><thead><tr>${head}
      <th scope="col" class="amount">${words.amount}</th>
      <th scope="col" class="amount">${words.runningTotal}</th></tr></thead>
    <tbody>${lines.map((line) => statementRow(line, language)).join('')}</tbody></table></div>`;
  return layout(language, title, body);
}

function statementRow(line: StatementRow, language: Language): string {
  const words = WORDS[language];
  const order = line.outRefundNo ?? line.outTradeNo ?? '—';
  return `<tr><td>${date(line.bookedAt, language)}</td><td>${words.purposes[line.purpose] ?? escape(line.purpose)}</td>
    <td><code>${escape(order)}</code>${line.description === null ? '' : `<br>${escape(line.description)}`}</td>
    <td><code>${escape(line.transferSeq)}</code></td><td class="amount">${money(line.amount, language)}</td>
    <td class="amount">${money(line.runningTotal, language)}</td></tr>`;
}

export function messagePage(language: Language, message: 'linkOver' | 'nothing'): string {
  const words = WORDS[language];
  const back = message === 'nothing' ? `<p><a href="/settlements">${words.back}</a></p>` : '';
  return layout(
    language,
    words.settlements,
    `<h1>${words.settlements}</h1><p>${words[message]}</p>${back}`,
  );
}

function payoutState(settlement: SettlementSummary, words: Words): string {
  return words.states[settlement.payoutState ?? 'none'] ?? words.states['none'] ?? '';
}

function layout(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Stuiver</title><link rel="stylesheet" href="/settlements.css"></head>
<body><main>${body}</main></body></html>`;
}

function money(amount: Money, language: Language): string {
  // Intl takes the decimal text itself, so no cent passes through a float.
  const format = new Intl.NumberFormat(language === 'nl' ? 'nl-NL' : 'en-IE', {
    style: 'currency',
    currency: amount.currency,
  });
  return format.format(amount.toMajorText() as `${number}`).replace('-', '−');
}

function date(at: Date, language: Language): string {
  const text = new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-IE', {
    timeZone: 'Europe/Amsterdam',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(at);
  return `<time datetime="${at.toISOString()}">${text}</time>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
