import type { Money } from '@stuiver/money';
import { amountText, dayText, monthText, type Paper, paperBytes } from '@stuiver/paper';
import {
  type FeeInvoice,
  type FeeInvoiceLine,
  invoiceNumber,
} from '../../../domain/fee-invoice.js';
import { INVOICE_WORDS, type InvoiceLanguage } from './invoice-words.js';

/** In points: method and VAT, payments, paid, fees, VAT, together. */
const WIDTHS = [183, 50, 70, 60, 55, 65] as const;

/** An invoice on paper. The same invoice gives the same bytes. */
export function invoicePdf(invoice: FeeInvoice, language: InvoiceLanguage): Promise<Buffer> {
  return paperBytes(paperOf(invoice, language));
}

function paperOf(invoice: FeeInvoice, language: InvoiceLanguage): Paper {
  const w = INVOICE_WORDS[language];
  const number = invoiceNumber(invoice);
  return {
    ...{ title: `${w.title} ${number}`, language, madeAt: invoice.issuedAt },
    facts: [
      [w.number, number],
      [w.date, dayText(invoice.issuedAt, language)],
      [w.month, monthText(invoice.month, language)],
      ...(invoice.issuer === null ? [] : [[w.from, invoice.issuer] as const]),
      [w.to, `${invoice.name} (${invoice.mchid})`],
    ],
    tables: [
      {
        ...{ widths: WIDTHS, textColumns: 1 },
        head: [w.method, w.payments, w.turnover, w.net, w.vat, w.total],
        rows: [rowsOf(invoice, language)],
      },
    ],
    notes: [w.withheld, w.rounding],
  };
}

function rowsOf(invoice: FeeInvoice, language: InvoiceLanguage): readonly (readonly string[])[] {
  const w = INVOICE_WORDS[language];
  const { lines, net, tax } = invoice;
  const amount = (money: Money): string => amountText(money, language);
  const count = lines.reduce((sum, line) => sum + line.count, 0n);
  return [
    ...lines.map((line) => [
      nameOf(line, language),
      line.count.toString(),
      ...[line.paid, line.net, line.tax, line.net.plus(line.tax)].map(amount),
    ]),
    [w.sum, count.toString(), '', ...[net, tax, net.plus(tax)].map(amount)],
  ];
}

function nameOf({ method, vat }: FeeInvoiceLine, language: InvoiceLanguage): string {
  const w = INVOICE_WORDS[language];
  const percent = language === 'nl' ? vat.percent.replace('.', ',') : vat.percent;
  return `${w.methods[method]}: ${w.reasons[vat.reason].replace('{percent}', percent)}`;
}
