import { Money } from '@stuiver/money';
import { checkBatch, type CreditTransfer, type Pain001, type Party } from './pain-001.js';
import { readXml, refuse, type XmlElement } from './xml-reader.js';
import { day, euros, find, flag, iban, instant, need, needText, text } from './xml-values.js';

/** A payment file as a bank reads it. */
export interface PaymentOrder extends Pain001 {
  /** `PmtInfId`: comes back on the statement. */
  readonly paymentInformationId: string;
  /** Whether the account shall show one line for all of it. */
  readonly batchBooking: boolean;
}

const VERSION_09 = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** Every element that is taken, with what it may hold; one that is not here holds text. */
// prettier-ignore
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  Document: ['CstmrCdtTrfInitn'],
  CstmrCdtTrfInitn: ['GrpHdr', 'PmtInf'],
  GrpHdr: ['MsgId', 'CreDtTm', 'NbOfTxs', 'CtrlSum', 'InitgPty'],
  PmtInf: ['PmtInfId', 'PmtMtd', 'BtchBookg', 'NbOfTxs', 'CtrlSum', 'PmtTpInf', 'ReqdExctnDt', 'Dbtr', 'DbtrAcct', 'DbtrAgt', 'ChrgBr'],
  PmtTpInf: ['SvcLvl'],
  SvcLvl: ['Cd'],
  ReqdExctnDt: ['Dt'],
  CdtTrfTxInf: ['PmtId', 'Amt', 'CdtrAgt', 'Cdtr', 'CdtrAcct', 'RmtInf'],
  PmtId: ['InstrId', 'EndToEndId'],
  Amt: ['InstdAmt'],
  InitgPty: ['Nm'],
  Dbtr: ['Nm'],
  Cdtr: ['Nm'],
  DbtrAcct: ['Id'],
  CdtrAcct: ['Id'],
  DbtrAgt: ['FinInstnId'],
  CdtrAgt: ['FinInstnId'],
  FinInstnId: ['BICFI', 'Othr'],
  Othr: ['Id'],
  RmtInf: ['Ustrd'],
};

/**
 * Reads a SEPA credit transfer initiation, pain.001.001.09, with one payment block: what `writePain001` writes and no
 * element more. Counts and sums are checked against what is there.
 *
 * @throws Refusal PARAM_ERROR naming element or field and `rule`; BODY_TOO_LARGE.
 */
export function readPain001(xml: Uint8Array): PaymentOrder {
  const transfers: CreditTransfer[] = [];
  const document = readXml(xml, {
    namespaces: [VERSION_09],
    bytesMax: FILE_BYTES_MAX,
    handedOver: new Set(['CdtTrfTxInf']),
    take: (element) => {
      checkHolds(element);
      transfers.push(readTransfer(element));
    },
  });
  checkHolds(document);
  const header = need(document, 'CstmrCdtTrfInitn', 'GrpHdr');
  const block = need(document, 'CstmrCdtTrfInitn', 'PmtInf');
  checkConstants(block);
  for (const counted of [header, block]) checkCount(counted, transfers);
  const order: PaymentOrder = {
    messageId: needText(header, 'MsgId'),
    createdAt: instant(need(header, 'CreDtTm')),
    initiator: { name: needText(header, 'InitgPty', 'Nm') },
    paymentInformationId: needText(block, 'PmtInfId'),
    batchBooking: flag(find(block, 'BtchBookg')),
    debtor: readParty(block, 'Dbtr'),
    executionDate: day(need(block, 'ReqdExctnDt', 'Dt')),
    transfers,
  };
  checkBatch(order);
  return order;
}

function readTransfer(element: XmlElement): CreditTransfer {
  return {
    endToEndId: needText(element, 'PmtId', 'EndToEndId'),
    amount: euros(need(element, 'Amt', 'InstdAmt')),
    creditor: readParty(element, 'Cdtr'),
    remittance: needText(element, 'RmtInf', 'Ustrd'),
  };
}

function readParty(element: XmlElement, role: 'Dbtr' | 'Cdtr'): Party {
  const bic = text(element, `${role}Agt`, 'FinInstnId', 'BICFI');
  return {
    name: needText(element, role, 'Nm'),
    iban: iban(need(element, `${role}Acct`, 'Id', 'IBAN')),
    ...(bic === null ? {} : { bic }),
  };
}

function checkConstants(block: XmlElement): void {
  const constants: readonly (readonly [string, ...string[]])[] = [
    ['TRF', 'PmtMtd'],
    ['SEPA', 'PmtTpInf', 'SvcLvl', 'Cd'],
    ['SLEV', 'ChrgBr'],
  ];
  for (const [value, ...names] of constants) {
    if (needText(block, ...names) !== value) {
      refuse(`${block.path}/${names.join('/')}`, `must be ${value}`);
    }
  }
}

function checkCount(element: XmlElement, transfers: readonly CreditTransfer[]): void {
  const count = needText(element, 'NbOfTxs');
  if (count !== transfers.length.toString()) {
    refuse(`${element.path}/NbOfTxs`, `must count the transfers: ${transfers.length}`);
  }
  const sum = transfers.reduce((total, { amount }) => total.plus(amount), Money.zero('EUR'));
  const stated = needText(element, 'CtrlSum');
  if (stated !== sum.toMajorText()) {
    refuse(`${element.path}/CtrlSum`, `must sum the amounts: ${sum.toMajorText()}`);
  }
}

function checkHolds(element: XmlElement): void {
  const isAccountId = element.name === 'Id' && element.path.includes('Acct/');
  const names = isAccountId ? ['IBAN'] : (HOLDS[element.name] ?? []);
  for (const child of element.children) {
    if (!names.includes(child.name)) refuse(child.path, 'is not taken');
    checkHolds(child);
  }
}
