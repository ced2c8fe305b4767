import { createCipheriv, createDecipheriv } from 'node:crypto';

export const AEAD_ALGORITHM = 'AEAD_AES_256_GCM';
const TAG_BYTES = 16;
/** The nonce is text on the wire; this many ASCII characters. */
export const AEAD_NONCE_CHARACTERS = 12;

/** An encrypted resource as it stands in certificates and notifications (§1.3). */
export interface EncryptedResource {
  readonly algorithm: typeof AEAD_ALGORITHM;
  readonly nonce: string;
  readonly associated_data: string;
  /** base64 of ciphertext and 16-byte tag. */
  readonly ciphertext: string;
}

interface Sealing {
  /** The merchant's 32-character APIv3 key. */
  readonly apiV3Key: string;
  readonly associatedData: string;
  /** Twelve ASCII characters, never used twice with one key. */
  readonly nonce: string;
}

export function encryptResource(plaintext: string, sealing: Sealing): EncryptedResource {
  const { apiV3Key, associatedData, nonce } = sealing;
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([
    cipher.update(plaintext, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return {
    algorithm: AEAD_ALGORITHM,
    nonce,
    associated_data: associatedData,
    ciphertext: sealed.toString('base64'),
  };
}

/** @throws Error when key, nonce, associated data or any byte differs. */
export function decryptResource(
  resource: Omit<EncryptedResource, 'algorithm'>,
  apiV3Key: string,
): string {
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(apiV3Key),
    Buffer.from(resource.nonce),
    {
      authTagLength: TAG_BYTES,
    },
  );
  decipher.setAAD(Buffer.from(resource.associated_data));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const text = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}
