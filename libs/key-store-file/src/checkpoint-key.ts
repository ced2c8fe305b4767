import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { CheckpointKey } from '@stuiver/ports';

const KEY_ID_DIGITS = 16;

/** Ed25519, made once; what it signed is checked for as long as anybody keeps a receipt. */
export function newCheckpointKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export class CheckpointSigner {
  private readonly privateKey: KeyObject;
  readonly key: CheckpointKey;

  constructor(privateKeyPem: string) {
    this.privateKey = createPrivateKey(privateKeyPem);
    const publicKey = createPublicKey(this.privateKey);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    this.key = {
      keyId: createHash('sha256').update(spki).digest('hex').slice(0, KEY_ID_DIGITS),
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
  }

  sign(bytes: Uint8Array): Uint8Array {
    return sign(null, bytes, this.privateKey);
  }
}
