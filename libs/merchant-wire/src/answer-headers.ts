import type { RefusalCode } from '@stuiver/errors';
import { SCHEME } from './authorization.js';

export interface AnswerSignature {
  /** Unix seconds. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: Uint8Array;
  /** Serial of the platform certificate, or the id of the platform public key. */
  readonly keyId: string;
}

/** The headers of a signed answer or notification, in the letter case that wechatpay-java insists on (§1.2, §8.4). */
export function signatureHeaders(signed: AnswerSignature): (readonly [string, string])[] {
  return [
    ['Wechatpay-Timestamp', signed.timestamp],
    ['Wechatpay-Nonce', signed.nonce],
    ['Wechatpay-Signature', Buffer.from(signed.signature).toString('base64')],
    ['Wechatpay-Serial', signed.keyId],
    ['Wechatpay-Signature-Type', SCHEME],
  ];
}

/** Numeric causes as seen at the real service (§1.7); the rest share the first. */
const CAUSE_UNNAMED = '268435456';
const CAUSES: Partial<Record<RefusalCode, string>> = {
  SIGN_ERROR: '268443699',
  PARAM_ERROR: '268435461',
  ORDER_NOT_EXIST: '268512771',
  ORDER_PAID: '268449538',
  OUT_TRADE_NO_USED: '268498688',
  APPID_MCHID_NOT_MATCH: '268445527',
  FREQUENCY_LIMITED: '268447840',
};
const CAUSE_UNKNOWN_PARAMETER = '270924358';

/** `Request-ID`: the id, and after the last dash why it failed; 0 when it did not. */
export function requestIdHeader(
  requestId: string,
  refusal: { code: RefusalCode; facts: Readonly<Record<string, string>> } | null,
): string {
  return `${requestId.toUpperCase()}-${causeOf(refusal)}`;
}

function causeOf(refusal: Parameters<typeof requestIdHeader>[1]): string {
  if (refusal === null) return '0';
  if (refusal.facts['rule'] === 'is not a known field') return CAUSE_UNKNOWN_PARAMETER;
  return CAUSES[refusal.code] ?? CAUSE_UNNAMED;
}
