import { invariant } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { BankEntry, BankStatement, BankTransaction } from './bank-statement.js';
import { leaf, wrap } from './xml-writer.js';

/**
 * Writes a statement as a bank does: camt.053.001.08, one statement. The same statement gives the same bytes.
 *
 * @throws InvariantBroken when closing is not opening plus entries.
 */
export function writeCamt053(statement: BankStatement): string {
  const { opening, closing, entries } = statement;
  const sum = entries.reduce((total, { amount }) => total.plus(amount), opening);
  invariant(sum.equals(closing), 'closing is opening plus the entries');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">',
    '<BkToCstmrStmt>',
    wrap('GrpHdr', leaf('MsgId', statement.id), leaf('CreDtTm', statement.createdAt.toISOString())),
    '<Stmt>',
    leaf('Id', statement.id),
    leaf('ElctrncSeqNb', statement.sequence?.toString() ?? null),
    leaf('CreDtTm', statement.createdAt.toISOString()),
    wrap(
      'FrToDt',
      leaf('FrDtTm', `${statement.fromDay}T00:00:00`),
      leaf('ToDtTm', `${statement.toDay}T23:59:59`),
    ),
    wrap('Acct', wrap('Id', leaf('IBAN', statement.iban)), leaf('Ccy', 'EUR')),
    balance('OPBD', opening, statement.fromDay),
    balance('CLBD', closing, statement.toDay),
    ...entries.map(entryXml),
    '</Stmt>',
    '</BkToCstmrStmt>',
    '</Document>',
    '',
  ]
    .filter((line, index, lines) => line !== '' || index === lines.length - 1)
    .join('\n');
}

function balance(code: 'OPBD' | 'CLBD', amount: Money, day: string): string {
  return wrap(
    'Bal',
    wrap('Tp', wrap('CdOrPrtry', leaf('Cd', code))),
    signedAmount(amount),
    wrap('Dt', leaf('Dt', day)),
  );
}

function entryXml(entry: BankEntry): string {
  return wrap(
    'Ntry',
    leaf('NtryRef', entry.reference),
    signedAmount(entry.amount),
    entry.reversal ? leaf('RvslInd', 'true') : '',
    wrap('Sts', leaf('Cd', 'BOOK')),
    wrap('BookgDt', leaf('Dt', entry.bookedOn)),
    wrap('ValDt', leaf('Dt', entry.valuedOn)),
    leaf('AcctSvcrRef', entry.bankReference),
    code(entry.code),
    wrap('NtryDtls', batch(entry), ...entry.transactions.map(transactionXml)),
  );
}

/** The code's element is mandatory; what is in it is not. */
function code(written: string | null): string {
  if (written === null) return '<BkTxCd/>';
  const [domain = '', family = '', subFamily = ''] = written.split('/');
  return wrap(
    'BkTxCd',
    wrap(
      'Domn',
      leaf('Cd', domain),
      wrap('Fmly', leaf('Cd', family), leaf('SubFmlyCd', subFamily)),
    ),
  );
}

function batch({ paymentInformationId, transactions, amount }: BankEntry): string {
  if (paymentInformationId === null) return '';
  return wrap(
    'Btch',
    leaf('PmtInfId', paymentInformationId),
    leaf('NbOfTxs', transactions.length === 0 ? null : transactions.length.toString()),
    `<TtlAmt Ccy="EUR">${unsigned(amount)}</TtlAmt>`,
    leaf('CdtDbtInd', side(amount)),
  );
}

function transactionXml(transaction: BankTransaction): string {
  return wrap(
    'TxDtls',
    wrap(
      'Refs',
      leaf('InstrId', transaction.instructionId),
      leaf('EndToEndId', transaction.endToEndId),
      leaf('TxId', transaction.transactionId),
    ),
    signedAmount(transaction.amount),
    parties(transaction),
    wrap('RmtInf', leaf('Ustrd', transaction.remittance)),
    wrap('RtrInf', wrap('Rsn', leaf('Cd', transaction.returnReason))),
  );
}

function parties({ amount, counterpartyName, counterpartyIban }: BankTransaction): string {
  const role = amount.minor < 0n ? 'Cdtr' : 'Dbtr';
  return wrap(
    'RltdPties',
    wrap(role, wrap('Pty', leaf('Nm', counterpartyName))),
    wrap(`${role}Acct`, wrap('Id', leaf('IBAN', counterpartyIban))),
  );
}

function signedAmount(amount: Money): string {
  return `<Amt Ccy="EUR">${unsigned(amount)}</Amt>${leaf('CdtDbtInd', side(amount))}`;
}

function unsigned(amount: Money): string {
  const positive = amount.minor < 0n ? Money.zero('EUR').minus(amount) : amount;
  return positive.toMajorText();
}

function side(amount: Money): 'CRDT' | 'DBIT' {
  return amount.minor < 0n ? 'DBIT' : 'CRDT';
}
