/** A day of version 08: a batch-booked line of two payouts, and one that came back. */
export function inVersion08(): string {
  return file({
    namespace: 'camt.053.001.08',
    status: '<Sts><Cd>BOOK</Cd></Sts>',
    amount: (text) => `<Amt Ccy="EUR">${text}</Amt><CdtDbtInd>DBIT</CdtDbtInd>`,
    party: (name) => `<Pty><Nm>${name}</Nm></Pty>`,
    agent: '<BICFI>INGBNL2A</BICFI>',
  });
}

/** The same day as an older bank tells it. */
export function inVersion02(): string {
  return file({
    namespace: 'camt.053.001.02',
    status: '<Sts>BOOK</Sts>',
    amount: (text) => `<AmtDtls><TxAmt><Amt Ccy="EUR">${text}</Amt></TxAmt></AmtDtls>`,
    party: (name) => `<Nm>${name}</Nm>`,
    agent: '<BIC>INGBNL2A</BIC>',
  });
}

interface Version {
  readonly namespace: string;
  readonly status: string;
  readonly amount: (text: string) => string;
  readonly party: (name: string) => string;
  readonly agent: string;
}

function file(version: Version): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${version.namespace}">
<BkToCstmrStmt>
  <GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-11-24T23:15:00+01:00</CreDtTm></GrpHdr>
  <Stmt>
    <Id>STMT-42</Id>
    <ElctrncSeqNb>42</ElctrncSeqNb>
    <CreDtTm>2026-11-24T23:15:00+01:00</CreDtTm>
    <FrToDt>
      <FrDtTm>2026-11-24T00:00:00+01:00</FrDtTm><ToDtTm>2026-11-24T23:59:59+01:00</ToDtTm>
    </FrToDt>
    <Acct>
      <Id><IBAN>NL20INGB0001234567</IBAN></Id><Ccy>EUR</Ccy>
      <Svcr><FinInstnId>${version.agent}</FinInstnId></Svcr>
    </Acct>
    ${balance('OPBD', '1000.00')}
    ${balance('CLBD', '701.10')}
    ${balance('CLAV', '701.10')}
    ${batchLine(version)}
    ${returnLine(version)}
  </Stmt>
</BkToCstmrStmt>
</Document>
`;
}

function balance(code: string, amount: string): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt>
      <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>`;
}

function batchLine({ status, amount, party }: Version): string {
  return `<Ntry>
      <NtryRef>1</NtryRef><Amt Ccy="EUR">299.90</Amt><CdtDbtInd>DBIT</CdtDbtInd>
      ${status}
      <BookgDt><Dt>2026-11-24</Dt></BookgDt><ValDt><Dt>2026-11-24</Dt></ValDt>
      <AcctSvcrRef>BANK-1</AcctSvcrRef>
      ${code('ICDT', 'ESCT')}
      <NtryDtls>
        <Btch><PmtInfId>pob-7</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>
        <TxDtls>
          <Refs><EndToEndId>po-1</EndToEndId></Refs>${amount('199.90')}
          <RltdPties>
            <Cdtr>${party('Café De Stuiver')}</Cdtr>
            <CdtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></CdtrAcct>
          </RltdPties>
          <RmtInf><Ustrd>Settlement 7</Ustrd></RmtInf>
        </TxDtls>
        <TxDtls>
          <Refs><EndToEndId>po-2</EndToEndId></Refs>${amount('100.00')}
          <RltdPties><Cdtr>${party('Bakker &amp; Zn')}</Cdtr></RltdPties>
        </TxDtls>
      </NtryDtls>
    </Ntry>`;
}

/** The transaction states no amount: a line of one needs none. Its parties are those of the payment. */
function returnLine({ status, party }: Version): string {
  return `<Ntry>
      <NtryRef>2</NtryRef><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
      <RvslInd>true</RvslInd>
      ${status}
      <BookgDt><DtTm>2026-11-24T09:00:00+01:00</DtTm></BookgDt>
      ${code('ICDT', 'RRTN')}
      <NtryDtls>
        <TxDtls>
          <Refs><EndToEndId>po-0</EndToEndId></Refs>
          <RltdPties>
            <Dbtr>${party('Stuiver')}</Dbtr>
            <DbtrAcct><Id><IBAN>NL20INGB0001234567</IBAN></Id></DbtrAcct>
            <Cdtr>${party('Gone')}</Cdtr>
            <CdtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></CdtrAcct>
          </RltdPties>
          <RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>
        </TxDtls>
      </NtryDtls>
    </Ntry>`;
}

function code(family: string, subFamily: string): string {
  return `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>${subFamily}</SubFmlyCd></Fmly></Domn></BkTxCd>`;
}
