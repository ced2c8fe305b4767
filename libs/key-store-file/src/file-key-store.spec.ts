import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  verify,
  X509Certificate,
} from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Certificate } from '@fidm/x509';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { type KeyStore, SystemClock, SystemRandom } from '@stuiver/ports';
import { openFileKeyStore } from './index.js';

let dir: string;
let keys: KeyStore;

const openIt = (): Promise<KeyStore> =>
  openFileKeyStore({ dir, clock: new SystemClock(), random: new SystemRandom() });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keys-'));
  // Several processes at once on an empty folder: one makes the keys, all hold the same.
  const stores = await Promise.all([openIt(), openIt(), openIt()]);
  const ids = await Promise.all(
    stores.map(async (store) => (await store.platformKeys()).map((key) => key.keyId)),
  );
  expect(new Set(ids.map(String)).size).toBe(1);
  [keys] = stores;
}, 60_000);

afterAll(() => rm(dir, { recursive: true }));

async function certificateKey() {
  const [key] = await keys.platformKeys();
  const certificatePem = key?.certificatePem ?? null;
  if (key === undefined || certificatePem === null)
    throw new Error('the first key has a certificate');
  return { ...key, certificatePem };
}

describe('the files', () => {
  it('signs checkpoints with a key that is the same tomorrow', async () => {
    const { keyId, publicKeyPem } = await keys.checkpointKey();
    const bytes = Buffer.from('where the books stand');
    const signature = await keys.signCheckpoint(bytes);
    expect(verify(null, bytes, createPublicKey(publicKeyPem), signature)).toBe(true);
    expect(verify(null, Buffer.from('elsewhere'), createPublicKey(publicKeyPem), signature)).toBe(
      false,
    );
    expect((await (await openIt()).checkpointKey()).keyId).toBe(keyId);
  });

  it('are two, readable by their owner only, and leave nothing temporary behind', async () => {
    expect((await readdir(dir)).sort()).toEqual([
      'checkpoint-key.sealed',
      'master.key',
      'platform-keys.sealed',
    ]);
    for (const file of await readdir(dir))
      expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
  });

  it('are refused once others may read them', async () => {
    await chmod(join(dir, 'master.key'), 0o644);
    await expect(openIt()).rejects.toThrow('chmod 600');
    await chmod(join(dir, 'master.key'), 0o600);
  });

  it('give the same keys after a restart', async () => {
    expect(await (await openIt()).platformKeys()).toEqual(await keys.platformKeys());
  });
});

describe('platform keys', () => {
  it('are one certificate and one public key, signing what their public parts verify', async () => {
    const all = await keys.platformKeys();
    expect(all.map((key) => key.kind)).toEqual(['certificate', 'public-key']);
    for (const key of all) {
      const signature = await keys.sign(key.keyId, Buffer.from('text'));
      expect(
        verify('sha256', Buffer.from('text'), createPublicKey(key.publicKeyPem), signature),
      ).toBe(true);
      expect(
        verify('sha256', Buffer.from('texT'), createPublicKey(key.publicKeyPem), signature),
      ).toBe(false);
    }
    expect(all[1]?.keyId).toMatch(/^PUB_KEY_ID_\d{28}$/);
  });

  it('have a certificate that Node and the parser of wechatpay-node-v3 read alike', async () => {
    const { certificatePem, keyId } = await certificateKey();
    expect(new X509Certificate(certificatePem).serialNumber).toBe(keyId);
    expect(Certificate.fromPEM(Buffer.from(certificatePem)).serialNumber.toUpperCase()).toBe(keyId);
  });

  it('decrypt what was encrypted for them, and nothing else', async () => {
    const { keyId, publicKeyPem } = await certificateKey();
    const key = { key: publicKeyPem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    const sealed = publicEncrypt(key, Buffer.from('NL91ABNA0417164300'));
    expect(Buffer.from(await keys.decrypt(keyId, sealed)).toString()).toBe('NL91ABNA0417164300');
    const touched = sealed.map((byte, index) => (index === 100 ? byte ^ 1 : byte));
    await expect(keys.decrypt(keyId, touched)).rejects.toThrow();
    await expect(keys.sign('PUB_KEY_ID_1', sealed)).rejects.toThrow('no platform key');
  });
});

async function csrOf(bits: number): Promise<string> {
  const pair = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: bits,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    true,
    ['sign', 'verify'],
  );
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=anything',
    keys: pair,
    signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  });
  return csr.toString('pem');
}

describe('issueCertificate', () => {
  const now = new Date('2026-11-23T09:00:00Z');

  it('certifies the key of a request, in the name of the merchant', async () => {
    const { certificatePem, serialNo } = await keys.issueCertificate({
      csrPem: await csrOf(2048),
      mchid: '1900000001',
      now,
    });
    const certificate = new X509Certificate(certificatePem);
    expect(certificate.subject).toContain('CN=1900000001');
    expect(certificate.serialNumber).toBe(serialNo);
    expect(new Date(certificate.validTo).getUTCFullYear()).toBe(2031);
  });

  it('refuses weak keys, altered requests and what is no request', async () => {
    const tampered = (await csrOf(2048)).replace(/[A-Z](?=[A-Za-z0-9+/=]*\n-----END)/, (letter) =>
      letter === 'A' ? 'B' : 'A',
    );
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const csrPem of [
      await csrOf(1024),
      tampered,
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'x',
    ]) {
      await expect(
        keys.issueCertificate({ csrPem, mchid: '1900000001', now }),
      ).rejects.toMatchObject({
        code: 'PARAM_ERROR',
        facts: { field: 'csr_pem' },
      });
    }
  });
});

describe('seal', () => {
  it('opens under its own purpose only, and only unaltered', async () => {
    const sealed = Buffer.from(await keys.seal('api-v3-key', Buffer.from('secret')));
    expect(Buffer.from(await keys.open('api-v3-key', sealed)).toString()).toBe('secret');
    await expect(keys.open('app-secret', sealed)).rejects.toThrow();
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
      await expect(keys.open('api-v3-key', altered)).rejects.toThrow();
    }
  });
});
