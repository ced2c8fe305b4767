import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Random } from '@stuiver/ports';

const VERSION = 1;
const SALT_BYTES = 24;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + SALT_BYTES;

/**
 * AES-256-GCM under a key and nonce derived from a fresh salt, so no number of sealed texts wears the master key out.
 * Layout: version (1), salt (24), ciphertext, tag (16). The purpose is bound in twice: into the key and as AAD.
 */
export function seal(options: {
  masterKey: Buffer;
  purpose: string;
  plain: Uint8Array;
  random: Random;
}): Buffer {
  const { masterKey, purpose, plain, random } = options;
  const salt = Buffer.from(random.bytes(SALT_BYTES));
  const { key, nonce } = derive(masterKey, purpose, salt);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(purpose));
  return Buffer.concat([
    Buffer.of(VERSION),
    salt,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** @throws Error when the purpose, the master key or any byte differs. */
export function open(options: { masterKey: Buffer; purpose: string; sealed: Uint8Array }): Buffer {
  const { masterKey, purpose } = options;
  const sealed = Buffer.from(options.sealed);
  if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] !== VERSION) {
    throw new Error(`what was sealed for ${purpose} is cut short or of another version`);
  }
  const { key, nonce } = derive(masterKey, purpose, sealed.subarray(1, HEAD_BYTES));
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(purpose));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([
    decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES)),
    decipher.final(),
  ]);
}

function derive(masterKey: Buffer, purpose: string, salt: Buffer): { key: Buffer; nonce: Buffer } {
  const bytes = Buffer.from(
    hkdfSync('sha256', masterKey, salt, `stuiver seal ${purpose}`, KEY_BYTES + NONCE_BYTES),
  );
  return { key: bytes.subarray(0, KEY_BYTES), nonce: bytes.subarray(KEY_BYTES) };
}
