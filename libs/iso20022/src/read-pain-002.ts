import { readXml, refuse, type XmlElement } from './xml-reader.js';
import { all, instant, need, needText, text } from './xml-values.js';

/** What a bank says about one payment of a file of ours. */
export interface PaymentStatus {
  readonly endToEndId: string;
  /** ISO code, such as `ACSP` or `RJCT`; the file's own where the bank says nothing about this one. */
  readonly status: string;
  /** ISO reason of a rejection, such as `AC04`, or the bank's own word. */
  readonly reasonCode: string | null;
  readonly reasonText: string | null;
}

/** A payment status report: pain.002.001.10. */
export interface PaymentStatusReport {
  readonly messageId: string;
  readonly createdAt: Date;
  /** `MsgId` of the file that it answers. */
  readonly originalMessageId: string;
  /** What holds for every payment that is not named: a bank may reject a file whole. */
  readonly group: Omit<PaymentStatus, 'endToEndId'> | null;
  readonly payments: readonly PaymentStatus[];
}

const NAMESPACES = ['10', '03'].map(
  (version) => `urn:iso:std:iso:20022:tech:xsd:pain.002.001.${version}`,
);
const FILE_BYTES_MAX = 64 * 1024 * 1024;
const STATUS = /^[A-Z]{4}$/;

/**
 * Reads a payment status report. Payments are read as a stream; a status that the bank gives to the whole file or to its
 * payment block holds for those that it does not name.
 *
 * @throws Refusal PARAM_ERROR naming element and rule; BODY_TOO_LARGE.
 */
export function readPain002(xml: Uint8Array): PaymentStatusReport {
  const payments: PaymentStatus[] = [];
  const document = readXml(xml, {
    namespaces: NAMESPACES,
    bytesMax: FILE_BYTES_MAX,
    handedOver: new Set(['TxInfAndSts']),
    take: (element) => {
      payments.push(readPayment(element));
    },
  });
  const report = need(document, 'CstmrPmtStsRpt');
  const header = need(report, 'GrpHdr');
  const original = need(report, 'OrgnlGrpInfAndSts');
  checkAnswers(original);
  return {
    messageId: needText(header, 'MsgId'),
    createdAt: instant(need(header, 'CreDtTm')),
    originalMessageId: needText(original, 'OrgnlMsgId'),
    group: statusIn(original, 'GrpSts') ?? blockStatus(report),
    payments,
  };
}

function readPayment(element: XmlElement): PaymentStatus {
  const endToEndId = needText(element, 'OrgnlEndToEndId');
  const status = statusIn(element, 'TxSts') ?? refuse(`${element.path}/TxSts`, 'must be there');
  return { endToEndId, ...status };
}

/** Our files have one block, so what is said of it is said of the file. */
function blockStatus(report: XmlElement): PaymentStatusReport['group'] {
  const blocks = all(report, 'OrgnlPmtInfAndSts');
  const [status] = blocks.map((block) => statusIn(block, 'PmtInfSts'));
  return status ?? null;
}

function statusIn(element: XmlElement, name: string): Omit<PaymentStatus, 'endToEndId'> | null {
  const status = text(element, name);
  if (status === null) return null;
  if (!STATUS.test(status))
    refuse(`${element.path}/${name}`, 'must be an ISO status of four letters');
  const [reason] = all(element, 'StsRsnInf');
  if (reason === undefined) return { status, reasonCode: null, reasonText: null };
  return {
    status,
    reasonCode: text(reason, 'Rsn', 'Cd') ?? text(reason, 'Rsn', 'Prtry'),
    reasonText: all(reason, 'AddtlInf')[0]?.text.trim() ?? null,
  };
}

function checkAnswers(original: XmlElement): void {
  const kind = needText(original, 'OrgnlMsgNmId');
  if (!kind.startsWith('pain.001')) {
    refuse(`${original.path}/OrgnlMsgNmId`, 'must be pain.001: it answers a payment file');
  }
}
