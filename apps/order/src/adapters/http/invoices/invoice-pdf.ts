import PDFDocument from 'pdfkit';
import type { Money } from '@stuiver/money';
import {
  type FeeInvoice,
  type FeeInvoiceLine,
  invoiceNumber,
} from '../../../domain/fee-invoice.js';
import { INVOICE_WORDS, type InvoiceLanguage } from './invoice-words.js';

const MARGIN = 56;
const TITLE_SIZE = 20;
const TEXT_SIZE = 10;
/** Of the columns, in points: method and VAT, payments, paid, fees, VAT, together. */
const WIDTHS = [183, 50, 70, 60, 55, 65] as const;
const ROW_GAP = 6;
const LOCALES = { nl: 'nl-NL', en: 'en-IE' } as const;

type Doc = InstanceType<typeof PDFDocument>;

/** An invoice on paper. The same invoice gives the same bytes. */
export async function invoicePdf(invoice: FeeInvoice, language: InvoiceLanguage): Promise<Buffer> {
  const w = INVOICE_WORDS[language];
  const number = invoiceNumber(invoice);
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: MARGIN, lang: LOCALES[language], displayTitle: true },
    info: { Title: `${w.title} ${number}`, CreationDate: invoice.issuedAt },
  });
  const whole = bytesOf(doc);
  doc.fontSize(TITLE_SIZE).text(w.title).fontSize(TEXT_SIZE).moveDown();
  for (const [name, value] of [
    [w.number, number],
    [w.date, dayText(invoice.issuedAt, language)],
    [w.month, monthText(invoice.month, language)],
    ...(invoice.issuer === null ? [] : [[w.from, invoice.issuer]]),
    [w.to, `${invoice.name} (${invoice.mchid})`],
  ]) {
    doc.text(`${String(name)}: ${String(value)}`);
  }
  doc.moveDown();
  rowsOf(invoice, language).forEach((cells) => {
    drawRow(doc, cells);
  });
  doc.moveDown().text(w.withheld, MARGIN).moveDown(0.5).text(w.rounding);
  doc.end();
  return whole;
}

function rowsOf(invoice: FeeInvoice, language: InvoiceLanguage): readonly (readonly string[])[] {
  const w = INVOICE_WORDS[language];
  const { lines, net, tax } = invoice;
  const amount = (money: Money): string => amountText(money, language);
  const count = lines.reduce((sum, line) => sum + line.count, 0n);
  return [
    [w.method, w.payments, w.turnover, w.net, w.vat, w.total],
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

/** On a page of its own when there is no room left. */
function drawRow(doc: Doc, cells: readonly string[]): void {
  const height = Math.max(
    ...cells.map((cell, index) => doc.heightOfString(cell, { width: WIDTHS[index] ?? 0 })),
  );
  if (doc.y + height > doc.page.height - MARGIN) doc.addPage();
  const top = doc.y;
  let left = MARGIN;
  cells.forEach((cell, index) => {
    const width = WIDTHS[index] ?? 0;
    doc.text(cell, left, top, { width, align: index === 0 ? 'left' : 'right' });
    left += width;
  });
  doc.x = MARGIN;
  doc.y = top + height + ROW_GAP;
}

function bytesOf(doc: Doc): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('error', reject);
    doc.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
  });
}

function amountText(money: Money, language: InvoiceLanguage): string {
  const text = money.toMajorText();
  return language === 'nl' ? text.replace('.', ',') : text;
}

function dayText(at: Date, language: InvoiceLanguage): string {
  const style = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    ...style,
    timeZone: 'Europe/Amsterdam',
  });
  return format.format(at);
}

function monthText(month: string, language: InvoiceLanguage): string {
  const style = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(LOCALES[language], style).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}
