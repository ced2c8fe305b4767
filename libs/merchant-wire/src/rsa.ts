import { constants, createPublicKey, type KeyObject, publicEncrypt, verify } from 'node:crypto';

/** Parsing a PEM costs more than verifying with it. */
const PARSED_KEYS_MAX = 1_000;

/** Parsed public keys by their PEM text (a key's or a certificate's), the least recently used dropped first. */
export class ParsedKeys {
  private readonly keys = new Map<string, KeyObject>();

  of(pem: string): KeyObject {
    const key = this.keys.get(pem) ?? createPublicKey(pem);
    this.keys.delete(pem);
    this.keys.set(pem, key);
    if (this.keys.size > PARSED_KEYS_MAX) {
      const [oldest = ''] = this.keys.keys();
      this.keys.delete(oldest);
    }
    return key;
  }
}

/**
 * SHA256withRSA, PKCS#1 v1.5. The signature must be canonical base64: a text with stray bits or characters decodes to
 * the same bytes but is not what was signed.
 */
export function isSignedBy(key: KeyObject, text: Uint8Array, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature || key.asymmetricKeyType !== 'rsa') return false;
  return verify('sha256', text, key, bytes);
}

/** One OAEP block of a 2048-bit key with SHA-1 holds this much (§1.5). */
export const OAEP_BYTES_MAX = 214;

/** RSA-OAEP with SHA-1, base64: a sensitive field for whoever owns the key. @param text at most 214 bytes of UTF-8. */
export function encryptField(key: KeyObject, text: string): string {
  const padding = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  return publicEncrypt(padding, Buffer.from(text)).toString('base64');
}
