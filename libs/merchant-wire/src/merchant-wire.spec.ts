import { describe, expect, it } from '@jest/globals';
import { createPublicKey, generateKeyPairSync, privateDecrypt, constants, sign } from 'node:crypto';
import fc from 'fast-check';
import { Refusal } from '@stuiver/errors';
import {
  answerText,
  decryptResource,
  encryptField,
  encryptResource,
  errorBody,
  isSignedBy,
  notificationBody,
  parseAuthorization,
  parseWireTime,
  paySignText,
  requestIdHeader,
  requestText,
  signFacts,
  signatureHeaders,
  wireTime,
} from './index.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = '0123456789abcdef0123456789abcdef';

const PAIRS = {
  mchid: '1900000001',
  nonce_str: '593BEC0C930BF1AFEB40B4A08C8FB242',
  timestamp: '1554208460',
  serial_no: '00a1b2c3',
  signature: 'c2ln',
};

function header(pairs: Record<string, string>): string {
  const text = Object.entries(pairs).map(([name, value]) => `${name}="${value}"`);
  return `WECHATPAY2-SHA256-RSA2048 ${text.join(',')}`;
}

describe('parseAuthorization', () => {
  it('reads the pairs in any order and brings the serial to one form', () => {
    const entries = Object.entries(PAIRS);
    const expected = {
      mchid: '1900000001',
      nonce: PAIRS.nonce_str,
      timestamp: '1554208460',
      serialNo: 'A1B2C3',
      signature: 'c2ln',
    };
    for (const order of [entries, [...entries].reverse()]) {
      expect(parseAuthorization(header(Object.fromEntries(order)))).toEqual(expected);
    }
  });

  it.each([
    ['nothing', undefined, 'Authorization'],
    ['another scheme', 'Bearer x', 'Authorization'],
    ['the SM2 scheme', header(PAIRS).replace('SHA256-RSA2048', 'SM2-WITH-SM3'), 'Authorization'],
    ['loose text', 'WECHATPAY2-SHA256-RSA2048 mchid=1', 'Authorization'],
    ['a missing pair', header({ ...PAIRS }).replace(/,serial_no="[^"]*"/, ''), 'serial_no'],
    ['a pair given twice', `${header(PAIRS)},mchid="1"`, 'mchid'],
    ['a timestamp that is no number', header({ ...PAIRS, timestamp: 'now' }), 'timestamp'],
    ['an overlong nonce', header({ ...PAIRS, nonce_str: 'x'.repeat(129) }), 'nonce_str'],
  ])('refuses %s by name', (_what, text, field) => {
    expect(() => parseAuthorization(text)).toThrow(
      expect.objectContaining({ code: 'SIGN_ERROR', facts: expect.objectContaining({ field }) }),
    );
  });

  it('throws nothing but SIGN_ERROR, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (tail) => {
        try {
          parseAuthorization(`WECHATPAY2-SHA256-RSA2048 ${tail}`);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
    );
  });
});

describe('the text to sign', () => {
  it('of a request is five lines, each ended, body untouched', () => {
    const body = Buffer.from('{"a":"\\u0026"}\n');
    const text = requestText({
      method: 'POST',
      target: '/v3/x%2Fy?b=1&a=',
      timestamp: '1',
      nonce: 'n',
      body,
    });
    expect(text.toString()).toBe('POST\n/v3/x%2Fy?b=1&a=\n1\nn\n{"a":"\\u0026"}\n\n');
  });

  it('of an answer is three lines; of a paySign four', () => {
    expect(answerText({ timestamp: '1', nonce: 'n', body: Buffer.alloc(0) }).toString()).toBe(
      '1\nn\n\n',
    );
    const sheet = { appid: 'wx1', timeStamp: '2', nonceStr: 'n', package: 'prepay_id=p' };
    expect(paySignText(sheet).toString()).toBe('wx1\n2\nn\nprepay_id=p\n');
  });
});

describe('isSignedBy', () => {
  it('refuses any flipped bit of text or signature, also the unused bits of base64', () => {
    const text = Buffer.from('POST\n/v3/pay\n1\nn\n{}\n');
    const signature = sign('sha256', text, privateKey).toString('base64');
    expect(isSignedBy(publicKey, text, signature)).toBe(true);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.nat(7),
        fc.nat(signature.length - 1),
        (at, bit, character) => {
          const altered = Buffer.from(text);
          altered.writeUInt8(altered.readUInt8(at) ^ (1 << bit), at);
          expect(isSignedBy(publicKey, altered, signature)).toBe(false);

          const other = String.fromCharCode(signature.charCodeAt(character) ^ (1 << (bit % 7)));
          const forged = signature.slice(0, character) + other + signature.slice(character + 1);
          expect(isSignedBy(publicKey, text, forged)).toBe(false);
        },
      ),
    );
  });

  it('refuses a key that is not RSA', () => {
    const ed = generateKeyPairSync('ed25519');
    const text = Buffer.from('x');
    expect(isSignedBy(ed.publicKey, text, sign(null, text, ed.privateKey).toString('base64'))).toBe(
      false,
    );
  });
});

describe('encrypted resources', () => {
  it('open again with the same key, and with no byte changed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), (plain, associatedData, at) => {
        const sealed = encryptResource(plain, {
          apiV3Key: KEY,
          associatedData,
          nonce: 'abcdefghijkl',
        });
        expect(decryptResource(sealed, KEY)).toBe(plain);
        const bytes = Buffer.from(sealed.ciphertext, 'base64');
        bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ 1, at % bytes.length);
        expect(() =>
          decryptResource({ ...sealed, ciphertext: bytes.toString('base64') }, KEY),
        ).toThrow();
        expect(() =>
          decryptResource({ ...sealed, associated_data: `${associatedData}x` }, KEY),
        ).toThrow();
      }),
    );
  });

  it('are what another implementation computes (vector made with the Python package cryptography)', () => {
    const sealed = encryptResource('{"a":1}', {
      apiV3Key: KEY,
      associatedData: 'transaction',
      nonce: 'abcdefghijkl',
    });
    expect(sealed.ciphertext).toBe('Eu6onfHUEIuHuUJ2U2443mIzhnIIlMg=');
  });

  it('of one field open with the private key', () => {
    const sealed = Buffer.from(
      encryptField(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), 'Jansen'),
      'base64',
    );
    const key = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    expect(privateDecrypt(key, sealed).toString()).toBe('Jansen');
  });
});

describe('a notification', () => {
  it('is the bytes that parsing and serialising gives again', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (summary, plaintext) => {
        const content = {
          id: 'i',
          createdAt: new Date(0),
          eventType: 'T',
          summary,
          originalType: 'transaction',
          plaintext,
        };
        const body = notificationBody(content, { apiV3Key: KEY, nonce: 'abcdefghijkl' });
        expect(JSON.stringify(JSON.parse(body))).toBe(body);
        const { resource } = JSON.parse(body) as {
          resource: Parameters<typeof decryptResource>[0];
        };
        expect(decryptResource(resource, KEY)).toBe(plaintext);
      }),
    );
  });
});

describe('answers', () => {
  it('name their headers in the exact case', () => {
    const signed = { timestamp: '1', nonce: 'n', signature: Buffer.from('sig'), keyId: 'AB' };
    expect(signatureHeaders(signed).map(([name]) => name)).toEqual([
      'Wechatpay-Timestamp',
      'Wechatpay-Nonce',
      'Wechatpay-Signature',
      'Wechatpay-Serial',
      'Wechatpay-Signature-Type',
    ]);
  });

  it('end their Request-ID with the cause', () => {
    expect(requestIdHeader('ab', null)).toBe('AB-0');
    expect(requestIdHeader('ab', new Refusal('SIGN_ERROR'))).toBe('AB-268443699');
    expect(
      requestIdHeader('ab', new Refusal('PARAM_ERROR', { rule: 'is not a known field' })),
    ).toBe('AB-270924358');
  });

  it('to a wrong signature show the text the server built', () => {
    const text = requestText({
      method: 'GET',
      target: '/v3/certificates',
      timestamp: '1',
      nonce: 'n',
      body: Buffer.alloc(0),
    });
    const facts = { field: 'signature', rule: 'sign not match', location: 'authorization' };
    const refusal = new Refusal('SIGN_ERROR', {
      ...facts,
      ...signFacts({ method: 'GET', target: '/v3/certificates', text }),
    });
    expect(errorBody(refusal, 'm')).toEqual({
      code: 'SIGN_ERROR',
      message: 'm',
      detail: {
        field: 'signature',
        issue: 'sign not match',
        location: 'authorization',
        detail: { issue: 'sign not match' },
        sign_information: {
          method: 'GET',
          url: '/v3/certificates',
          truncated_sign_message: 'GET\n/v3/certificates\n1\nn\n\n',
          sign_message_length: 26,
        },
      },
    });
  });
});

describe('times', () => {
  it('are written with the offset of Amsterdam, summer and winter', () => {
    expect(wireTime(new Date('2026-11-23T09:00:00.999Z'))).toBe('2026-11-23T10:00:00+01:00');
    expect(wireTime(new Date('2026-07-01T22:30:00Z'))).toBe('2026-07-02T00:30:00+02:00');
  });

  it('read what they wrote, to the second', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9000-01-01'), noInvalidDate: true }),
        (date) => {
          const seconds = Math.floor(date.getTime() / 1000) * 1000;
          expect(parseWireTime(wireTime(date))?.getTime()).toBe(seconds);
        },
      ),
    );
  });

  it.each([
    '2026-02-30T10:00:00Z',
    '2026-11-23T10:00:00',
    '2026-11-23',
    '2026-11-23T24:00:00Z',
    'x',
    '1795424400',
  ])('refuse %s', (text) => {
    expect(parseWireTime(text)).toBeNull();
  });
});
