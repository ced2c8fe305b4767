import { leaf, wrap } from '@stuiver/iso20022';
import type { Objects } from '../store.js';
import type { PaymentState } from './payments.js';

/** Accepted and not executed yet; settled on our account; refused. What came back later was settled. */
const STATUS = { waiting: 'ACSP', paid: 'ACSC', returned: 'ACSC', rejected: 'RJCT' } as const;

/** The bank's status report on a file, pain.002.001.10: one status per payment. */
export async function writePain002(
  { client, clock }: Objects,
  messageId: string,
  payments: readonly PaymentState[],
): Promise<string> {
  const { rows } = await client.query<{ payment_information_id: string }>(
    'select payment_information_id from bank_file where msg_id = $1',
    [messageId],
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">',
    '<CstmrPmtStsRpt>',
    wrap(
      'GrpHdr',
      leaf('MsgId', `S-${messageId}`.slice(0, 35)),
      leaf('CreDtTm', clock.now().toISOString()),
    ),
    wrap(
      'OrgnlGrpInfAndSts',
      leaf('OrgnlMsgId', messageId),
      leaf('OrgnlMsgNmId', 'pain.001.001.09'),
    ),
    '<OrgnlPmtInfAndSts>',
    leaf('OrgnlPmtInfId', rows[0]?.payment_information_id ?? messageId),
    ...payments.map(statusOf),
    '</OrgnlPmtInfAndSts>',
    '</CstmrPmtStsRpt>',
    '</Document>',
    '',
  ].join('\n');
}

function statusOf({ end_to_end_id: id, state, reason }: PaymentState): string {
  const isRejected = state === 'rejected';
  return wrap(
    'TxInfAndSts',
    leaf('OrgnlEndToEndId', id),
    leaf('TxSts', STATUS[state]),
    isRejected ? wrap('StsRsnInf', wrap('Rsn', leaf('Cd', reason))) : '',
  );
}
