import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@stuiver/errors';
import { readPain002 } from './index.js';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10';

function report(parts: { original?: string; blocks?: string; namespace?: string }): Uint8Array {
  const original = parts.original ?? '';
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="${parts.namespace ?? NAMESPACE}"><CstmrPmtStsRpt>
  <GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-11-24T09:00:00Z</CreDtTm></GrpHdr>
  <OrgnlGrpInfAndSts><OrgnlMsgId>bat-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${original}</OrgnlGrpInfAndSts>
  ${parts.blocks ?? ''}
</CstmrPmtStsRpt></Document>`);
}

function payment(endToEndId: string, status: string, reason = ''): string {
  return `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>${status}</TxSts>${reason}</TxInfAndSts>`;
}

function block(content: string): string {
  return `<OrgnlPmtInfAndSts><OrgnlPmtInfId>bat-1</OrgnlPmtInfId>${content}</OrgnlPmtInfAndSts>`;
}

const REASON = '<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Account closed</AddtlInf></StsRsnInf>';

function refusalOf(xml: Uint8Array): unknown {
  try {
    return readPain002(xml);
  } catch (error) {
    return error instanceof Refusal ? error.facts : error;
  }
}

describe('a payment status report', () => {
  it('says of each payment what the bank does with it, and why not', () => {
    const blocks = block(payment('po-1', 'ACSP') + payment('po-2', 'RJCT', REASON));
    expect(readPain002(report({ blocks }))).toEqual({
      ...{ messageId: 'S-1', createdAt: new Date('2026-11-24T09:00:00Z') },
      ...{ originalMessageId: 'bat-1', group: null },
      payments: [
        { endToEndId: 'po-1', status: 'ACSP', reasonCode: null, reasonText: null },
        { endToEndId: 'po-2', status: 'RJCT', reasonCode: 'AC04', reasonText: 'Account closed' },
      ],
    });
  });

  it.each([
    ['the file', report({ original: `<GrpSts>RJCT</GrpSts>${REASON}` })],
    ['its block', report({ blocks: block(`<PmtInfSts>RJCT</PmtInfSts>${REASON}`) })],
  ])('may reject %s whole', (_what, xml) => {
    expect(readPain002(xml)).toMatchObject({
      ...{ group: { status: 'RJCT', reasonCode: 'AC04' }, payments: [] },
    });
  });

  it('tells whether the payee’s name fits the account', () => {
    const blocks = block(payment('po-1', 'RCVC') + payment('po-2', 'RVNM'));
    const { payments } = readPain002(report({ original: '<GrpSts>RVCM</GrpSts>', blocks }));
    expect(payments.map(({ status }) => status)).toEqual(['RCVC', 'RVNM']);
  });

  it.each([
    ['another message', report({ namespace: 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08' })],
    [
      'a payment without a status',
      report({ blocks: block('<TxInfAndSts><OrgnlEndToEndId>a</OrgnlEndToEndId></TxInfAndSts>') }),
    ],
    ['a status that is none', report({ blocks: block(payment('po-1', 'ok')) })],
    ['a DOCTYPE', Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><a/>')],
  ])('is refused with element and rule when it holds %s', (_what, xml) => {
    expect(refusalOf(xml)).toEqual({ field: expect.any(String), rule: expect.any(String) });
  });
});
