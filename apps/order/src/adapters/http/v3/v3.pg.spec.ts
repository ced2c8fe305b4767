import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  constants,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '@stuiver/http';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { answerText, decryptResource, isSignedBy } from '@stuiver/merchant-wire';
import { type KeyStore, SilentLog, SystemRandom } from '@stuiver/ports';
import { FixedClock, type TestDatabase, testDatabase } from '@stuiver/testing';
import { authorizationOf, newMerchantKey } from '../../../testing/signing-merchant.js';
import type { CreatedMerchant } from '../../../use-cases/create-merchant.js';
import { CreateMerchant } from '../../../use-cases/create-merchant.js';
import { WIRE_PROVIDERS } from '../../../wire.module-parts.js';
import { WIRE_OPTIONS, type WireOptions } from '../wire-options.js';
import { CertificatesController } from './certificates.controller.js';
import { EchoController } from './echo.controller.js';
import { createV3Surface } from './surface.js';

const clock = new FixedClock();
const random = new SystemRandom();
const log = new SilentLog();

let dir: string;
let db: TestDatabase;
let keys: KeyStore;
let app: NestFastifyApplication;
let base: string;
let merchant: CreatedMerchant & { privateKey: KeyObject };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'v3-'));
  db = await testDatabase();
  keys = await openFileKeyStore({ dir, clock, random });
  const database = await db.open('orders');
  const options: WireOptions = {
    ...{ database, keys, clock, random, log },
    publicUrl: 'http://localhost:8080',
    operatorToken: 'op',
    sandbox: true,
  };
  @Module({
    controllers: [CertificatesController, EchoController],
    providers: [{ provide: WIRE_OPTIONS, useValue: options }, ...WIRE_PROVIDERS],
  })
  class WireModule {}
  app = await createHttpApp(WireModule, { log, random, surfaces: [createV3Surface(options)] });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${String((app.getHttpServer().address() as AddressInfo).port)}`;
  const { csrPem, privateKey } = await newMerchantKey();
  const made = await app
    .get(CreateMerchant)
    .run({ name: 'M', csrPem, mchid: null, apiV3Key: null });
  merchant = { ...made, privateKey };
}, 60_000);

afterAll(async () => {
  await app.close();
  await db.close();
  await rm(dir, { recursive: true });
});

interface Ask {
  readonly method?: string;
  readonly target?: string;
  readonly body?: string;
  readonly sent?: string;
  readonly nonce?: string;
  readonly at?: Date;
  readonly serialNo?: string;
  readonly mchid?: string;
  readonly authorization?: string | null;
  readonly headers?: Record<string, string>;
}

interface Got {
  readonly status: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly answer: Response;
}

async function ask(request: Ask = {}): Promise<Got> {
  const { method = 'GET', target = '/v3/certificates', body, sent = body } = request;
  const headers = new Headers(request.headers);
  if (request.authorization !== null) headers.set('authorization', authorizationFor(request));
  const init = { method, headers, ...(sent === undefined ? {} : { body: sent }) };
  const answer = await fetch(base + target, init);
  const text = await answer.text();
  const json = JSON.parse(text || '{}') as Record<string, unknown>;
  return { status: answer.status, text, json, answer };
}

function authorizationFor(request: Ask): string {
  const { method = 'GET', target = '/v3/certificates', body = '', authorization } = request;
  const signed = { ...merchant, method, target, body, at: clock.now(), ...pick(request) };
  return authorization ?? authorizationOf(signed);
}

function pick({ nonce, at, serialNo, mchid }: Ask): object {
  return Object.fromEntries(
    Object.entries({ nonce, at, serialNo, mchid }).filter(([, value]) => value !== undefined),
  );
}

async function isSigned({ answer, text }: { answer: Response; text: string }): Promise<boolean> {
  const header = (name: string): string => answer.headers.get(name) ?? '';
  const key = (await keys.platformKeys()).find(({ keyId }) => keyId === header('wechatpay-serial'));
  const signed = answerText({
    timestamp: header('wechatpay-timestamp'),
    nonce: header('wechatpay-nonce'),
    body: Buffer.from(text),
  });
  return (
    key !== undefined &&
    isSignedBy(createPublicKey(key.publicKeyPem), signed, header('wechatpay-signature'))
  );
}

describe('GET /v3/certificates', () => {
  it('lists the certificate, encrypted for the merchant, and signs the answer', async () => {
    const got = await ask();
    expect(got.status).toBe(200);
    expect(await isSigned(got)).toBe(true);
    const [first] = got.json['data'] as {
      serial_no: string;
      encrypt_certificate: Parameters<typeof decryptResource>[0];
    }[];
    expect(first?.serial_no).toBe(merchant.platformSerialNo);
    expect(first?.encrypt_certificate.associated_data).toBe('certificate');
    expect(first && decryptResource(first.encrypt_certificate, merchant.apiV3Key)).toBe(
      merchant.platformCertificatePem,
    );
  });

  it('answers with the key that the request names', async () => {
    const keyId = merchant.platformPublicKeyId;
    const got = await ask({ headers: { 'wechatpay-serial': keyId } });
    expect(got.answer.headers.get('wechatpay-serial')).toBe(keyId);
    expect(await isSigned(got)).toBe(true);
    const unknown = await ask({ headers: { 'wechatpay-serial': merchant.serialNo } });
    expect(unknown.answer.headers.get('wechatpay-serial')).toBe(merchant.platformSerialNo);
  });

  it('takes a serial number in lower case and a query as it stands on the line', async () => {
    const target = '/v3/certificates?algorithm_type=%52SA';
    expect((await ask({ target, serialNo: merchant.serialNo.toLowerCase() })).status).toBe(200);
  });

  it.each(['algorithm_type=SM2', 'x=1', 'algorithm_type=RSA&algorithm_type=RSA'])(
    'refuses ?%s',
    async (query) => {
      expect(await ask({ target: `/v3/certificates?${query}` })).toMatchObject({
        status: 400,
        json: { code: 'PARAM_ERROR' },
      });
    },
  );
});

describe('a request', () => {
  it.each<[string, Ask, string]>([
    ['unsigned', { authorization: null }, 'Authorization'],
    ['with another scheme', { authorization: 'Bearer x' }, 'Authorization'],
    ['of an unknown merchant', { mchid: '1999999999' }, 'mchid'],
    ['with an unknown serial number', { serialNo: 'ABC' }, 'serial_no'],
    ['301 s old', { at: new Date(clock.now().getTime() - 301_000) }, 'timestamp'],
    ['301 s ahead', { at: new Date(clock.now().getTime() + 301_000) }, 'timestamp'],
    [
      'with another body than was signed',
      { method: 'POST', target: '/v3/security/echo', body: '{"a":1}', sent: '{"a":2}' },
      'signature',
    ],
  ])('%s is a signed 401 that names what is wrong', async (_what, request, field) => {
    const got = await ask(request);
    expect(got.status).toBe(401);
    expect(got.json).toMatchObject({
      code: 'SIGN_ERROR',
      detail: { field, location: 'authorization' },
    });
    expect(got.answer.headers.get('request-id')).toMatch(/-268443699$/);
    expect(await isSigned(got)).toBe(true);
  });

  it('300 s old is still taken', async () => {
    expect((await ask({ at: new Date(clock.now().getTime() - 300_000) })).status).toBe(200);
  });

  it('wrongly signed is shown the text that the server built', async () => {
    const target = '/v3/security/echo';
    const got = await ask({ method: 'POST', target, body: '{}', sent: '{"a":"b"}' });
    const detail = got.json['detail'] as { sign_information: { truncated_sign_message: string } };
    expect(detail.sign_information).toMatchObject({ method: 'POST', url: target });
    expect(detail.sign_information.truncated_sign_message).toMatch(
      /^POST\n\/v3\/security\/echo\n\d+\n[0-9a-f]+\n\{"a":"b"\}\n$/,
    );
  });

  it('may be repeated as it is, but its nonce serves no other', async () => {
    const again = { nonce: 'abcdef', at: clock.now() };
    expect((await ask(again)).status).toBe(200);
    expect((await ask(again)).status).toBe(200);
    const other = await ask({ ...again, target: '/v3/certificates?algorithm_type=ALL' });
    expect(other).toMatchObject({
      status: 401,
      json: { code: 'SIGN_ERROR', detail: { field: 'nonce_str' } },
    });
  });

  it.each([
    ['broken JSON', '{"echo_message":', 400, 'body'],
    ['an unknown field', '{"echo_message":"a","x":1}', 400, 'x'],
    ['a wrong type', '{"echo_message":1}', 400, 'echo_message'],
    [
      'a notify_url with a query',
      '{"echo_message":"a","notify_url":"https://a.example/?b"}',
      400,
      'notify_url',
    ],
    ['a relative notify_url', '{"echo_message":"a","notify_url":"/notify"}', 400, 'notify_url'],
    ['too large a body', `{"echo_message":"${'x'.repeat(300_000)}"}`, 413, 'body'],
  ])('with %s is refused, signed', async (_what, body, status, field) => {
    const got = await ask({ method: 'POST', target: '/v3/security/echo', body });
    expect(got.status).toBe(status);
    expect(got.json).toMatchObject({ code: 'PARAM_ERROR', detail: { field, location: 'body' } });
    expect(await isSigned(got)).toBe(true);
  });
});

describe('an unknown path', () => {
  it('is a signed 404 that names the product group', async () => {
    const got = await ask({ target: '/v3/profitsharing/orders' });
    expect(got.status).toBe(404);
    expect(got.json['code']).toBe('RESOURCE_NOT_EXISTS');
    expect(got.json['message']).toContain('profitsharing');
    expect(await isSigned(got)).toBe(true);
  });
});

describe('POST /v3/security/echo', () => {
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };

  it.each(['platformCertificatePem', 'platformPublicKeyPem'] as const)(
    'opens and re-encrypts a message (%s)',
    async (which) => {
      const keyId =
        which === 'platformCertificatePem'
          ? merchant.platformSerialNo
          : merchant.platformPublicKeyId;
      const sealed = publicEncrypt(
        { key: merchant[which], ...oaep },
        Buffer.from('geheim'),
      ).toString('base64');
      const body = JSON.stringify({ echo_message: 'open', encrypted_echo_message: sealed });
      const got = await ask({
        method: 'POST',
        target: '/v3/security/echo',
        body,
        headers: { 'wechatpay-serial': keyId },
      });
      expect(got.status).toBe(200);
      expect(got.json['echo_message']).toBe('open');
      const back = Buffer.from(String(got.json['encrypted_echo_message']), 'base64');
      expect(privateDecrypt({ key: merchant.privateKey, ...oaep }, back).toString()).toBe('geheim');
    },
  );

  it('refuses what it cannot open, and a key it does not have', async () => {
    const body = JSON.stringify({ echo_message: 'open', encrypted_echo_message: 'AAAA' });
    const base = { method: 'POST', target: '/v3/security/echo', body };
    expect(await ask(base)).toMatchObject({
      status: 400,
      json: { detail: { field: 'Wechatpay-Serial' } },
    });
    const headers = { 'wechatpay-serial': merchant.platformSerialNo };
    expect(await ask({ ...base, headers })).toMatchObject({
      status: 400,
      json: { detail: { field: 'encrypted_echo_message' } },
    });
  });
});
