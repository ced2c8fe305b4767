import { Money } from '@stuiver/money';
import type { BankEntry, BankTransaction } from './bank-statement.js';
import { signed } from './signed-amount.js';
import { refuse, type XmlElement } from './xml-reader.js';
import { all, day, euros, find, flag, need, needText, text } from './xml-values.js';

/** A transaction of a line. Its amount is null when the bank left it to the line. */
export interface ReadTransaction {
  readonly amount: Money | null;
  readonly paymentInformationId: string | null;
  readonly details: Omit<BankTransaction, 'amount'>;
}

interface PartyStated {
  readonly name: string | null;
  readonly iban: string | null;
}

/** What the bank tells but has not booked: it may still change. */
const NOT_BOOKED = ['PDNG', 'INFO', 'FUTR'];
/** What stands where the initiator gave no id. */
const NO_ID = 'NOTPROVIDED';

/**
 * One line of a statement with its transactions; undefined when it is not booked.
 *
 * @throws Refusal when the transactions do not sum to the line.
 */
export function readEntry(
  entry: XmlElement,
  transactions: readonly ReadTransaction[],
): BankEntry | undefined {
  if (!isBooked(entry)) return undefined;
  const amount = signed(entry, euros(need(entry, 'Amt')));
  const bookedOn = dayOf(entry, 'BookgDt');
  const valuedOn = dayOf(entry, 'ValDt');
  return {
    reference: text(entry, 'NtryRef'),
    bankReference: text(entry, 'AcctSvcrRef'),
    amount,
    bookedOn: bookedOn ?? valuedOn ?? refuse(`${entry.path}/BookgDt`, 'must be there'),
    valuedOn: valuedOn ?? bookedOn ?? refuse(`${entry.path}/ValDt`, 'must be there'),
    reversal: flag(find(entry, 'RvslInd')),
    code: transactionCode(entry),
    paymentInformationId: paymentInformationId(entry, transactions),
    transactions: withAmounts(entry, amount, transactions),
  };
}

export function readTransaction(
  transaction: XmlElement,
  ownIban: string,
  entry: XmlElement,
): ReadTransaction {
  const amount = statedAmount(transaction);
  const side = find(transaction, 'CdtDbtInd') === undefined ? entry : transaction;
  const party = counterparty(transaction, ownIban, needText(side, 'CdtDbtInd') === 'CRDT');
  return {
    amount: amount === undefined ? null : signed(side, euros(amount)),
    paymentInformationId: text(transaction, 'Refs', 'PmtInfId'),
    details: {
      endToEndId: idOf(transaction, 'EndToEndId'),
      instructionId: idOf(transaction, 'InstrId'),
      transactionId: idOf(transaction, 'TxId'),
      remittance: remittance(transaction),
      counterpartyName: party.name,
      counterpartyIban: party.iban,
      returnReason:
        text(transaction, 'RtrInf', 'Rsn', 'Cd') ?? text(transaction, 'RtrInf', 'Rsn', 'Prtry'),
    },
  };
}

/** Version 08 says it in `Sts/Cd`, version 02 in `Sts` itself. */
function isBooked(entry: XmlElement): boolean {
  const status = need(entry, 'Sts');
  const code = text(status, 'Cd') ?? status.text.trim();
  if (NOT_BOOKED.includes(code)) return false;
  return code === 'BOOK' || refuse(status.path, 'must be BOOK, PDNG, INFO or FUTR');
}

function dayOf(entry: XmlElement, name: string): string | undefined {
  const found = find(entry, name);
  return found === undefined ? undefined : day(find(found, 'Dt') ?? need(found, 'DtTm'));
}

function transactionCode(entry: XmlElement): string | null {
  const domain = find(entry, 'BkTxCd', 'Domn');
  if (domain === undefined) return null;
  const codes = [['Cd'], ['Fmly', 'Cd'], ['Fmly', 'SubFmlyCd']];
  return codes.map((names) => needText(domain, ...names)).join('/');
}

/** Stated of the batch, or by every transaction the same. */
function paymentInformationId(
  entry: XmlElement,
  transactions: readonly ReadTransaction[],
): string | null {
  const stated = all(entry, 'NtryDtls').flatMap((details) => {
    const id = text(details, 'Btch', 'PmtInfId');
    return id === null ? [] : [id];
  });
  const ids = new Set(stated.length > 0 ? stated : transactions.map((t) => t.paymentInformationId));
  const [only] = ids;
  return ids.size === 1 ? (only ?? null) : null;
}

function withAmounts(
  entry: XmlElement,
  line: Money,
  transactions: readonly ReadTransaction[],
): BankTransaction[] {
  const alone = transactions.length === 1;
  const whole = transactions.map(({ amount, details }, index) => {
    const stated = amount ?? (alone ? line : undefined);
    const path = `${entry.path}/NtryDtls/TxDtls[${index + 1}]/Amt`;
    return { amount: stated ?? refuse(path, 'must be there in a line of several'), ...details };
  });
  if (whole.length === 0) return whole;
  const sum = whole.reduce((total, { amount }) => total.plus(amount), Money.zero('EUR'));
  if (sum.equals(line)) return whole;
  const [was, is] = [sum.toMajorText(), line.toMajorText()];
  return refuse(`${entry.path}/NtryDtls`, `transactions must sum to the line: ${was}, not ${is}`);
}

/** Version 08 has an amount of its own; both have that of the details. What was instructed counts last. */
function statedAmount(transaction: XmlElement): XmlElement | undefined {
  return (
    find(transaction, 'Amt') ??
    find(transaction, 'AmtDtls', 'TxAmt', 'Amt') ??
    find(transaction, 'AmtDtls', 'InstdAmt', 'Amt')
  );
}

function idOf(transaction: XmlElement, name: string): string | null {
  const id = text(transaction, 'Refs', name);
  return id === NO_ID ? null : id;
}

function remittance(transaction: XmlElement): string | null {
  const information = find(transaction, 'RmtInf');
  if (information === undefined) return null;
  const structured = all(information, 'Strd').map((each) => text(each, 'CdtrRefInf', 'Ref') ?? '');
  const words = [...all(information, 'Ustrd').map((each) => each.text.trim()), ...structured];
  const said = words.filter((each) => each !== '').join(' ');
  return said === '' ? null : said;
}

/**
 * The other side: the debtor of what came in, the creditor of what went out. A bank may leave a return's parties as in
 * the payment that it returns; then it is whoever is not us.
 */
function counterparty(transaction: XmlElement, ownIban: string, cameIn: boolean): PartyStated {
  const usual = party(transaction, cameIn ? 'Dbtr' : 'Cdtr');
  const other = party(transaction, cameIn ? 'Cdtr' : 'Dbtr');
  const usualIsOther = isNamed(usual) && usual.iban !== ownIban;
  return usualIsOther || !isNamed(other) || other.iban === ownIban ? usual : other;
}

function isNamed({ name, iban }: PartyStated): boolean {
  return (name ?? iban) !== null;
}

function party(transaction: XmlElement, role: 'Dbtr' | 'Cdtr'): PartyStated {
  return {
    name:
      text(transaction, 'RltdPties', role, 'Pty', 'Nm') ??
      text(transaction, 'RltdPties', role, 'Nm'),
    iban: text(transaction, 'RltdPties', `${role}Acct`, 'Id', 'IBAN'),
  };
}
