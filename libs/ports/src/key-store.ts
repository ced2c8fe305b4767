/** One of the platform's own signing keys, public parts only. */
export interface PlatformKey {
  /** Upper-case hex serial of the certificate, or `PUB_KEY_ID_…`: what `Wechatpay-Serial` says. */
  readonly keyId: string;
  readonly kind: 'certificate' | 'public-key';
  readonly publicKeyPem: string;
  /** The X.509 certificate; null for a bare public key. */
  readonly certificatePem: string | null;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** An Ed25519 key, public part only. */
export interface CheckpointKey {
  /** The first 16 hex digits of the SHA-256 of its SPKI form. */
  readonly keyId: string;
  readonly publicKeyPem: string;
}

/**
 * Keeps every secret key out of the business code and out of the database. A file beside the data is the plain
 * default; a KMS or HSM fills the same port.
 */
export interface KeyStore {
  /** Certificates and public keys that answers and notifications are signed with; the preferred one first. */
  platformKeys(): Promise<readonly PlatformKey[]>;
  /** SHA256withRSA (PKCS#1 v1.5) over `bytes` by the named platform key. */
  sign(keyId: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** RSA-OAEP (SHA-1) decryption of a field that was encrypted for the named platform key. */
  decrypt(keyId: string, ciphertext: Uint8Array): Promise<Uint8Array>;
  /** Issues an API certificate for a merchant's signing request (PEM). */
  issueCertificate(request: {
    csrPem: string;
    mchid: string;
    now: Date;
  }): Promise<{ certificatePem: string; serialNo: string }>;
  /** What the ledger's checkpoints are signed with. */
  checkpointKey(): Promise<CheckpointKey>;
  /** Ed25519 (RFC 8032) over `bytes` by the checkpoint key: 64 bytes. */
  signCheckpoint(bytes: Uint8Array): Promise<Uint8Array>;
  /** Authenticated encryption for storage. `purpose` is bound to the ciphertext: it opens under no other. */
  seal(purpose: string, plain: Uint8Array): Promise<Uint8Array>;
  open(purpose: string, sealed: Uint8Array): Promise<Uint8Array>;
}
