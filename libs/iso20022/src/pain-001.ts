import { createHash } from 'node:crypto';
import { isValidIBAN } from 'ibantools';
import { invariant, Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import { isEpcName, toEpcName, toEpcText } from './epc-text.js';
import { isRealDate } from './real-date.js';

export interface Party {
  readonly name: string;
  /** Electronic form, without spaces. */
  readonly iban: string;
  /** Needed by no SEPA bank any more; sent when known. */
  readonly bic?: string;
}

export interface CreditTransfer {
  /** Comes back on the bank's statement: how a payout is found again. At most 35 characters. */
  readonly endToEndId: string;
  readonly amount: Money;
  readonly creditor: Party;
  readonly remittance: string;
}

export interface Pain001 {
  /** The batch's id. At most 35 characters. */
  readonly messageId: string;
  readonly createdAt: Date;
  readonly initiator: { readonly name: string };
  readonly debtor: Party;
  /** The day the bank is asked to pay: `YYYY-MM-DD`. */
  readonly executionDate: string;
  readonly transfers: readonly CreditTransfer[];
}

export interface Pain001File {
  readonly xml: string;
  /** Hex, over the UTF-8 bytes: what the approvers agree to. */
  readonly sha256: string;
  readonly count: number;
  readonly controlSum: Money;
}

const REMITTANCE_CHARACTERS_MAX = 140;
const TRANSFERS_MAX = 100_000;
const AMOUNT_MINOR_MAX = 99_999_999_999n;
/** EPC identifiers: no slash at an end, no double slash, and of the shared character set. */
const IDENTIFIER = /^(?!\/)(?!.*\/\/)(?!.*\/$)[A-Za-z0-9/\-?:().,'+]{1,35}$/;
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/;

/**
 * A SEPA credit transfer initiation, pain.001.001.09, one payment block. The same batch gives the same bytes, so a file
 * made again is the file that was approved. Checks the EPC rules that the schema does not.
 *
 * @throws Refusal PARAM_ERROR naming field and rule.
 * Source: ISO 20022 pain.001.001.09; EPC132-08 (customer-to-PSP implementation guidelines).
 */
export function writePain001(batch: Pain001): Pain001File {
  checkBatch(batch);
  const controlSum = batch.transfers.reduce(
    (sum, { amount }) => sum.plus(amount),
    Money.zero('EUR'),
  );
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">',
    '<CstmrCdtTrfInitn>',
    groupHeader(batch, controlSum),
    paymentBlock(batch, controlSum),
    '</CstmrCdtTrfInitn>',
    '</Document>',
    '',
  ].join('\n');
  const sha256 = createHash('sha256').update(xml, 'utf8').digest('hex');
  return { xml, sha256, count: batch.transfers.length, controlSum };
}

/**
 * Why this one transfer may stand in no file, so that it need not keep others out: field and rule, or nothing.
 */
export function objectionTo(transfer: CreditTransfer): string | undefined {
  try {
    checkTransfer('transfer', transfer);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `${error.facts['field'] ?? 'transfer'} ${error.facts['rule'] ?? 'is refused'}`;
  }
}

function groupHeader(batch: Pain001, controlSum: Money): string {
  return [
    '<GrpHdr>',
    `<MsgId>${batch.messageId}</MsgId>`,
    `<CreDtTm>${batch.createdAt.toISOString().slice(0, 19)}Z</CreDtTm>`,
    `<NbOfTxs>${batch.transfers.length}</NbOfTxs>`,
    `<CtrlSum>${controlSum.toMajorText()}</CtrlSum>`,
    `<InitgPty><Nm>${nameText(batch.initiator.name)}</Nm></InitgPty>`,
    '</GrpHdr>',
  ].join('\n');
}

function paymentBlock(batch: Pain001, controlSum: Money): string {
  return [
    '<PmtInf>',
    `<PmtInfId>${batch.messageId}</PmtInfId>`,
    '<PmtMtd>TRF</PmtMtd>',
    '<BtchBookg>true</BtchBookg>',
    `<NbOfTxs>${batch.transfers.length}</NbOfTxs>`,
    `<CtrlSum>${controlSum.toMajorText()}</CtrlSum>`,
    '<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>',
    `<ReqdExctnDt><Dt>${batch.executionDate}</Dt></ReqdExctnDt>`,
    `<Dbtr><Nm>${nameText(batch.debtor.name)}</Nm></Dbtr>`,
    `<DbtrAcct><Id><IBAN>${batch.debtor.iban}</IBAN></Id></DbtrAcct>`,
    `<DbtrAgt>${agent(batch.debtor.bic, true)}</DbtrAgt>`,
    '<ChrgBr>SLEV</ChrgBr>',
    ...batch.transfers.map(creditTransfer),
    '</PmtInf>',
  ].join('\n');
}

function creditTransfer({ endToEndId, amount, creditor, remittance }: CreditTransfer): string {
  const agentOfCreditor = agent(creditor.bic, false);
  return [
    '<CdtTrfTxInf>',
    `<PmtId><InstrId>${endToEndId}</InstrId><EndToEndId>${endToEndId}</EndToEndId></PmtId>`,
    `<Amt><InstdAmt Ccy="EUR">${amount.toMajorText()}</InstdAmt></Amt>`,
    ...(agentOfCreditor === '' ? [] : [`<CdtrAgt>${agentOfCreditor}</CdtrAgt>`]),
    `<Cdtr><Nm>${nameText(creditor.name)}</Nm></Cdtr>`,
    `<CdtrAcct><Id><IBAN>${creditor.iban}</IBAN></Id></CdtrAcct>`,
    `<RmtInf><Ustrd>${xmlText(toEpcText(remittance, REMITTANCE_CHARACTERS_MAX))}</Ustrd></RmtInf>`,
    '</CdtTrfTxInf>',
  ].join('\n');
}

/** The debtor's agent is mandatory in the schema; SEPA's word for "not stated" stands in another place than a BIC. */
function agent(bic: string | undefined, mandatory: boolean): string {
  if (bic !== undefined) return `<FinInstnId><BICFI>${bic}</BICFI></FinInstnId>`;
  return mandatory ? '<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>' : '';
}

function nameText(name: string): string {
  return xmlText(toEpcName(name));
}

/** The EPC set holds no markup but the apostrophe, which text may carry as it is. */
function xmlText(text: string): string {
  invariant(!/[<>&]/.test(text), 'EPC text holds no markup');
  return text;
}

/** @throws Refusal PARAM_ERROR naming the field that no SEPA bank takes, and the rule. */
export function checkBatch(batch: Pain001): void {
  need('messageId', IDENTIFIER.test(batch.messageId), 'must be an EPC identifier of 1 to 35');
  need('executionDate', isRealDate(batch.executionDate), 'must be a real date, YYYY-MM-DD');
  const { length } = batch.transfers;
  need('transfers', length >= 1 && length <= TRANSFERS_MAX, `must hold 1 to ${TRANSFERS_MAX}`);
  needName('initiator.name', batch.initiator.name);
  checkParty('debtor', batch.debtor);
  const ids = new Set<string>();
  batch.transfers.forEach((transfer, index) => {
    checkTransfer(`transfers[${index}]`, transfer);
    need(`transfers[${index}].endToEndId`, !ids.has(transfer.endToEndId), 'must be unique');
    ids.add(transfer.endToEndId);
  });
}

function checkTransfer(field: string, transfer: CreditTransfer): void {
  const { amount, endToEndId, remittance } = transfer;
  need(`${field}.endToEndId`, IDENTIFIER.test(endToEndId), 'must be an EPC identifier of 1 to 35');
  const payable = amount.minor >= 1n && amount.minor <= AMOUNT_MINOR_MAX;
  need(`${field}.amount`, payable, 'must be 0.01 to 999999999.99');
  const words = toEpcText(remittance, REMITTANCE_CHARACTERS_MAX);
  need(`${field}.remittance`, words !== '', 'must hold a character that banks take');
  checkParty(`${field}.creditor`, transfer.creditor);
}

function checkParty(field: string, party: Party): void {
  needName(`${field}.name`, party.name);
  need(`${field}.iban`, isValidIBAN(party.iban), 'must be an IBAN, check digits and all');
  need(`${field}.bic`, party.bic === undefined || BIC.test(party.bic), 'must be a BIC');
}

function needName(field: string, name: string): void {
  need(field, isEpcName(name), 'must hold a letter or digit that banks take');
}

function need(field: string, holds: boolean, rule: string): void {
  if (!holds) throw new Refusal('PARAM_ERROR', { field, rule });
}
