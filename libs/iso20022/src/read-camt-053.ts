import type { Money } from '@stuiver/money';
import type { BankEntry, BankStatement } from './bank-statement.js';
import { type ReadTransaction, readEntry, readTransaction } from './read-camt-entry.js';
import { signed } from './signed-amount.js';
import { readXml, refuse, type XmlElement } from './xml-reader.js';
import { all, day, euros, find, iban, instant, need, needText, text } from './xml-values.js';

const VERSION_08 = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';
const VERSION_02 = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02';
const STATEMENT_BYTES_MAX = 32 * 1024 * 1024;
const SEQUENCE = /^\d{1,18}$/;
/** Opening booked; or, as some banks write it, the closing of the statement before. */
const OPENING = ['OPBD', 'PRCD'];

/**
 * Reads a bank's end-of-day statements: camt.053.001.08, or .02 of an older bank. What the bank has not booked (pending,
 * information) is left out. Nothing is believed: every statement's closing is its opening plus its booked lines, and the
 * transactions of a line sum to the line, to the cent.
 *
 * @returns the statements in the order of the file.
 * @throws Refusal PARAM_ERROR naming element (`field`) and `rule`; BODY_TOO_LARGE.
 * Source: ISO 20022 camt.053.001.08 and .02.
 */
export function readCamt053(xml: Uint8Array): readonly BankStatement[] {
  const transactions = new Map<XmlElement, ReadTransaction[]>();
  const entries = new Map<XmlElement, BankEntry[]>();
  const document = readXml(xml, {
    namespaces: [VERSION_08, VERSION_02],
    bytesMax: STATEMENT_BYTES_MAX,
    handedOver: new Set(['Ntry', 'TxDtls']),
    take: (element, ancestors) => {
      const statement = ancestor(element, ancestors, 'Stmt');
      if (element.name === 'TxDtls') {
        const entry = ancestor(element, ancestors, 'Ntry');
        append(transactions, entry, readTransaction(element, ownIban(statement), entry));
        return;
      }
      const entry = readEntry(element, transactions.get(element) ?? []);
      transactions.delete(element);
      if (entry !== undefined) append(entries, statement, entry);
    },
  });
  const message = need(document, 'BkToCstmrStmt');
  const statements = all(message, 'Stmt');
  if (statements.length === 0) refuse(`${message.path}/Stmt`, 'must be there');
  return statements.map((found) => readStatement(found, message, entries.get(found) ?? []));
}

function readStatement(
  statement: XmlElement,
  message: XmlElement,
  entries: readonly BankEntry[],
): BankStatement {
  const currency = text(statement, 'Acct', 'Ccy') ?? 'EUR';
  if (currency !== 'EUR') refuse(`${statement.path}/Acct/Ccy`, 'must be EUR');
  const opening = balance(statement, OPENING);
  const closing = balance(statement, ['CLBD']);
  checkSum(statement, { opening: opening.amount, closing: closing.amount, entries });
  const period = find(statement, 'FrToDt');
  return {
    id: needText(statement, 'Id'),
    sequence: sequence(statement),
    iban: ownIban(statement),
    fromDay: period === undefined ? closing.day : day(need(period, 'FrDtTm')),
    toDay: period === undefined ? closing.day : day(need(period, 'ToDtTm')),
    createdAt: instant(find(statement, 'CreDtTm') ?? need(message, 'GrpHdr', 'CreDtTm')),
    opening: opening.amount,
    closing: closing.amount,
    entries,
  };
}

function balance(
  statement: XmlElement,
  codes: readonly string[],
): { readonly amount: Money; readonly day: string } {
  const balances = all(statement, 'Bal');
  for (const code of codes) {
    const found = balances.filter((each) => text(each, 'Tp', 'CdOrPrtry', 'Cd') === code);
    const [only, second] = found;
    if (second !== undefined) refuse(`${statement.path}/Bal`, `of type ${code} stands once`);
    if (only === undefined) continue;
    const stated = find(only, 'Dt', 'Dt') ?? need(only, 'Dt', 'DtTm');
    return { amount: signed(only, euros(need(only, 'Amt'))), day: day(stated) };
  }
  return refuse(`${statement.path}/Bal`, `of type ${codes.join(' or ')} must be there`);
}

function checkSum(
  statement: XmlElement,
  stated: {
    readonly opening: Money;
    readonly closing: Money;
    readonly entries: readonly BankEntry[];
  },
): void {
  const sum = stated.entries.reduce((total, { amount }) => total.plus(amount), stated.opening);
  if (sum.equals(stated.closing)) return;
  const [was, is] = [sum.toMajorText(), stated.closing.toMajorText()];
  refuse(`${statement.path}/Bal`, `closing must be opening plus booked entries: ${was}, not ${is}`);
}

function sequence(statement: XmlElement): bigint | null {
  const written = text(statement, 'ElctrncSeqNb');
  if (written === null) return null;
  return SEQUENCE.test(written)
    ? BigInt(written)
    : refuse(`${statement.path}/ElctrncSeqNb`, 'must be a whole number');
}

function ownIban(statement: XmlElement): string {
  return iban(need(statement, 'Acct', 'Id', 'IBAN'));
}

function ancestor(element: XmlElement, ancestors: readonly XmlElement[], name: string): XmlElement {
  return (
    ancestors.findLast((each) => each.name === name) ??
    refuse(element.path, `must stand in ${name}`)
  );
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
