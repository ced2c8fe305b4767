import { Refusal } from '@stuiver/errors';

/** What a signed request says about its signer (`Authorization`, merchant contract §1.1). */
export interface Authorization {
  readonly mchid: string;
  /** Upper-case hex without leading zeros. */
  readonly serialNo: string;
  /** Unix seconds, as text: it enters the signed text as it was written. */
  readonly timestamp: string;
  readonly nonce: string;
  /** Standard base64. */
  readonly signature: string;
}

export const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

const HEADER_CHARACTERS_MAX = 4096;
const PAIR = /\s*([a-z_]+)\s*=\s*"([^"]*)"\s*(?:,|$)/y;

// prettier-ignore
const RULES = {
  mchid:     { pattern: /^[0-9]{8,32}$/,               says: 'must be 8 to 32 digits' },
  serial_no: { pattern: /^[0-9A-Fa-f]{1,64}$/,         says: 'must be the hex serial number of the merchant API certificate' },
  timestamp: { pattern: /^[0-9]{1,12}$/,               says: 'must be Unix time in seconds' },
  nonce_str: { pattern: /^[\x21-\x7e]{1,128}$/,        says: 'must be 1 to 128 visible ASCII characters' },
  signature: { pattern: /^[A-Za-z0-9+/]{1,1024}={0,2}$/, says: 'must be base64' },
} as const;

/**
 * Reads the header; pairs may come in any order.
 *
 * @throws Refusal SIGN_ERROR naming the missing or malformed part.
 */
export function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header === '')
    throw wrong('Authorization', 'is required: sign the request');
  if (header.length > HEADER_CHARACTERS_MAX || !header.startsWith(`${SCHEME} `)) {
    throw wrong('Authorization', `must start with ${SCHEME}`);
  }
  const pairs = readPairs(header.slice(SCHEME.length + 1));
  return {
    mchid: take(pairs, 'mchid'),
    serialNo: canonicalSerial(take(pairs, 'serial_no')),
    timestamp: take(pairs, 'timestamp'),
    nonce: take(pairs, 'nonce_str'),
    signature: take(pairs, 'signature'),
  };
}

/** SDKs write serials in either case, some keep leading zeros: one form for comparing. */
export function canonicalSerial(serialNo: string): string {
  return serialNo.toUpperCase().replace(/^0+(?=.)/, '');
}

function readPairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const match = PAIR.exec(text);
    if (match === null)
      throw wrong('Authorization', 'must be name="value" pairs with commas between');
    const [, name = '', value = ''] = match;
    if (pairs.has(name)) throw wrong(name, 'is given twice');
    pairs.set(name, value);
  }
  return pairs;
}

function take(pairs: ReadonlyMap<string, string>, name: keyof typeof RULES): string {
  const value = pairs.get(name);
  if (value === undefined) throw wrong(name, 'is required');
  const { pattern, says } = RULES[name];
  if (!pattern.test(value)) throw wrong(name, says);
  return value;
}

function wrong(field: string, rule: string): Refusal {
  return new Refusal('SIGN_ERROR', { field, rule, location: 'authorization' });
}
