import { createHash } from 'node:crypto';
import { Money } from '@stuiver/money';
import {
  amount,
  bic,
  calendarDay,
  epcName,
  reference,
  refuse,
  remittance,
  sepaIban,
} from './epc-rules.js';
import { element, type XmlNode, printXml } from './xml.js';

export interface BankParty {
  readonly name: string;
  readonly iban: string;
  readonly bic?: string;
}

export interface CreditTransfer {
  /** Comes back on the bank's statement: what a line is matched by. */
  readonly endToEndId: string;
  readonly amount: Money;
  readonly creditor: BankParty;
  readonly remittance: string;
}

/** One order to a bank: pay these, from one account, on one day. */
export interface Pain001 {
  readonly messageId: string;
  readonly createdAt: Date;
  readonly initiator: { readonly name: string };
  readonly debtor: BankParty;
  /** YYYY-MM-DD; the caller picks a day on which the bank works. */
  readonly executionDate: string;
  readonly transfers: readonly CreditTransfer[];
}

export interface Pain001File {
  readonly xml: string;
  /** Hex, over the UTF-8 bytes. */
  readonly sha256: string;
  readonly controlSum: Money;
  readonly count: number;
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
const TRANSFERS_MAX = 50_000;

/**
 * A SEPA credit transfer file, pain.001.001.09. The same order always gives the same bytes.
 *
 * @throws Refusal PARAM_ERROR with `field` and `rule` for what the EPC's rules or the XSD would not let through.
 * Source: EPC132-08 (customer-to-bank guidelines, SCT 2023).
 */
export function writePain001(order: Pain001): Pain001File {
  const { transfers } = order;
  if (transfers.length === 0) refuse('transfers', 'must have at least one transfer');
  if (transfers.length > TRANSFERS_MAX) refuse('transfers', 'must have at most 50000 transfers');
  refuseTwins(transfers);
  const lines = transfers.map(transferNode);
  const controlSum = transfers.reduce((sum, each) => sum.plus(each.amount), Money.zero('EUR'));
  const xml = printXml(documentNode(order, controlSum, lines));
  const sha256 = createHash('sha256').update(xml).digest('hex');
  return { xml, sha256, controlSum, count: transfers.length };
}

function refuseTwins(transfers: readonly CreditTransfer[]): void {
  const seen = new Set<string>();
  for (const [index, { endToEndId }] of transfers.entries()) {
    if (seen.has(endToEndId)) {
      refuse(`transfers[${String(index)}].endToEndId`, 'must occur once in the file', endToEndId);
    }
    seen.add(endToEndId);
  }
}

function documentNode(order: Pain001, controlSum: Money, lines: readonly XmlNode[]): XmlNode {
  const messageId = reference('messageId', order.messageId);
  const totals = [
    element('NbOfTxs', String(lines.length)),
    element('CtrlSum', controlSum.toMajorText()),
  ];
  const header = element('GrpHdr', [
    element('MsgId', messageId),
    element('CreDtTm', order.createdAt.toISOString().replace(/\.\d{3}Z$/, 'Z')),
    ...totals,
    element('InitgPty', [element('Nm', epcName('initiator.name', order.initiator.name))]),
  ]);
  const instruction = element('PmtInf', [
    element('PmtInfId', messageId),
    element('PmtMtd', 'TRF'),
    element('BtchBookg', 'true'),
    ...totals,
    element('PmtTpInf', [element('SvcLvl', [element('Cd', 'SEPA')])]),
    element('ReqdExctnDt', [element('Dt', calendarDay('executionDate', order.executionDate))]),
    element('Dbtr', [element('Nm', epcName('debtor.name', order.debtor.name))]),
    accountNode('DbtrAcct', 'debtor', order.debtor),
    element('DbtrAgt', [
      element('FinInstnId', [
        // The place for "find the bank by the IBAN"; as a BICFI the word is forbidden.
        order.debtor.bic === undefined
          ? element('Othr', [element('Id', 'NOTPROVIDED')])
          : element('BICFI', bic('debtor.bic', order.debtor.bic)),
      ]),
    ]),
    element('ChrgBr', 'SLEV'),
    ...lines,
  ]);
  return element('Document', [element('CstmrCdtTrfInitn', [header, instruction])], {
    xmlns: NAMESPACE,
  });
}

function transferNode(transfer: CreditTransfer, index: number): XmlNode {
  const at = `transfers[${String(index)}]`;
  const { creditor } = transfer;
  const id = reference(`${at}.endToEndId`, transfer.endToEndId);
  return element('CdtTrfTxInf', [
    element('PmtId', [element('InstrId', id), element('EndToEndId', id)]),
    element('Amt', [
      element('InstdAmt', amount(`${at}.amount`, transfer.amount), {
        Ccy: transfer.amount.currency,
      }),
    ]),
    ...(creditor.bic === undefined
      ? []
      : [
          element('CdtrAgt', [
            element('FinInstnId', [element('BICFI', bic(`${at}.creditor.bic`, creditor.bic))]),
          ]),
        ]),
    element('Cdtr', [element('Nm', epcName(`${at}.creditor.name`, creditor.name))]),
    accountNode('CdtrAcct', `${at}.creditor`, creditor),
    element('RmtInf', [element('Ustrd', remittance(`${at}.remittance`, transfer.remittance))]),
  ]);
}

function accountNode(tag: string, field: string, party: BankParty): XmlNode {
  return element(tag, [element('Id', [element('IBAN', sepaIban(`${field}.iban`, party.iban))])]);
}
