import {
  constants,
  createPrivateKey,
  type KeyObject,
  privateDecrypt,
  sign as signWith,
} from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { invariant } from '@stuiver/errors';
import type { CheckpointKey, Clock, KeyStore, PlatformKey, Random } from '@stuiver/ports';
import { certify, publicKeyOfRequest } from './certificates.js';
import { CheckpointSigner, newCheckpointKeyPem } from './checkpoint-key.js';
import { makePlatformSecrets, PlatformSecrets, publicPartsOf } from './platform-keys.js';
import { open, seal } from './seal.js';
import { readOrWriteOnce } from './write-once.js';

const MASTER_KEY_BYTES = 32;
const SECRETS_PURPOSE = 'platform-secrets';
const CHECKPOINT_PURPOSE = 'checkpoint-key';
const ISSUER_NAME = 'Stuiver Merchant CA';

/**
 * Keys in three files of `dir`, readable by the owner only: `master.key` (hex), and `platform-keys.sealed` and
 * `checkpoint-key.sealed`, which open with it. Made on first use; lose the master key and everything sealed is lost.
 */
export async function openFileKeyStore(options: {
  readonly dir: string;
  readonly clock: Clock;
  readonly random: Random;
}): Promise<KeyStore> {
  const { dir, clock, random } = options;
  const masterText = await readOrWriteOnce(join(dir, 'master.key'), () =>
    Promise.resolve(Buffer.from(Buffer.from(random.bytes(MASTER_KEY_BYTES)).toString('hex'))),
  );
  const masterKey = Buffer.from(masterText.toString('latin1').trim(), 'hex');
  invariant(masterKey.length === MASTER_KEY_BYTES, `${dir}/master.key holds 64 hex digits`);

  const sealed = await readOrWriteOnce(join(dir, 'platform-keys.sealed'), async () => {
    const plain = Buffer.from(JSON.stringify(await makePlatformSecrets(clock, random)));
    return seal({ masterKey, purpose: SECRETS_PURPOSE, plain, random });
  });
  const plain = open({ masterKey, purpose: SECRETS_PURPOSE, sealed });
  const checkpointSealed = await readOrWriteOnce(join(dir, 'checkpoint-key.sealed'), () =>
    Promise.resolve(
      seal({
        ...{ masterKey, purpose: CHECKPOINT_PURPOSE, random },
        plain: Buffer.from(newCheckpointKeyPem()),
      }),
    ),
  );
  const pem = open({ masterKey, purpose: CHECKPOINT_PURPOSE, sealed: checkpointSealed });
  const signer = new CheckpointSigner(pem.toString());
  const secrets = PlatformSecrets.parse(JSON.parse(plain.toString()));
  return new FileKeyStore({ masterKey, secrets, signer, random });
}

const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(signWith);

class FileKeyStore implements KeyStore {
  private readonly keys: readonly PlatformKey[];
  private readonly privateKeys: ReadonlyMap<string, KeyObject>;

  private readonly masterKey: Buffer;
  private readonly secrets: PlatformSecrets;
  private readonly signer: CheckpointSigner;
  private readonly random: Random;

  constructor(parts: {
    readonly masterKey: Buffer;
    readonly secrets: PlatformSecrets;
    readonly signer: CheckpointSigner;
    readonly random: Random;
  }) {
    const { masterKey, secrets, signer, random } = parts;
    this.masterKey = masterKey;
    this.secrets = secrets;
    this.signer = signer;
    this.random = random;
    this.keys = publicPartsOf(secrets);
    const pems = {
      certificate: secrets.certificate.privateKeyPem,
      'public-key': secrets.publicKey.privateKeyPem,
    };
    this.privateKeys = new Map(
      this.keys.map(({ keyId, kind }) => [keyId, createPrivateKey(pems[kind])]),
    );
  }

  platformKeys(): Promise<readonly PlatformKey[]> {
    return Promise.resolve(this.keys);
  }

  /** On a thread of the pool: a signature takes most of a millisecond, and others wait for this one. */
  async sign(keyId: string, bytes: Uint8Array): Promise<Uint8Array> {
    return await signAsync('sha256', bytes, this.privateKey(keyId));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous: other stores ask a machine
  async decrypt(keyId: string, ciphertext: Uint8Array): Promise<Uint8Array> {
    const key = this.privateKey(keyId);
    return privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      ciphertext,
    );
  }

  async issueCertificate(request: {
    csrPem: string;
    mchid: string;
    now: Date;
  }): Promise<{ certificatePem: string; serialNo: string }> {
    return certify({
      commonName: request.mchid,
      publicKeyPem: await publicKeyOfRequest(request.csrPem),
      issuer: { commonName: ISSUER_NAME, privateKeyPem: this.secrets.issuer.privateKeyPem },
      now: request.now,
      random: this.random,
    });
  }

  checkpointKey(): Promise<CheckpointKey> {
    return Promise.resolve(this.signer.key);
  }

  signCheckpoint(bytes: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(this.signer.sign(bytes));
  }

  seal(purpose: string, plain: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(
      seal({ masterKey: this.masterKey, purpose, plain, random: this.random }),
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async open(purpose: string, sealed: Uint8Array): Promise<Uint8Array> {
    return open({ masterKey: this.masterKey, purpose, sealed });
  }

  private privateKey(keyId: string): KeyObject {
    const key = this.privateKeys.get(keyId);
    if (key === undefined) throw new Error(`there is no platform key ${keyId}`);
    return key;
  }
}
