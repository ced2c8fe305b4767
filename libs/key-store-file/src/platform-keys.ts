import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { randomDigits } from '@stuiver/ids';
import type { Clock, PlatformKey, Random } from '@stuiver/ports';
import { certify, newRsaPair } from './certificates.js';

const PUBLIC_KEY_ID_DIGITS = 28;
const PLATFORM_NAME = 'Stuiver Platform';

/** Everything secret but the master key, as it lies sealed in one file: whole or absent. */
export const PlatformSecrets = z.strictObject({
  version: z.literal(1),
  madeAt: z.iso.datetime(),
  certificate: z.strictObject({ privateKeyPem: z.string(), certificatePem: z.string() }),
  publicKey: z.strictObject({
    id: z.string(),
    privateKeyPem: z.string(),
    publicKeyPem: z.string(),
  }),
  /** Signs merchants' API certificates and nothing else. */
  issuer: z.strictObject({ privateKeyPem: z.string() }),
});
export type PlatformSecrets = z.infer<typeof PlatformSecrets>;

export async function makePlatformSecrets(clock: Clock, random: Random): Promise<PlatformSecrets> {
  const now = clock.now();
  const [platform, bare, issuer] = await Promise.all([newRsaPair(), newRsaPair(), newRsaPair()]);
  const { certificatePem } = await certify({
    commonName: PLATFORM_NAME,
    publicKeyPem: platform.publicKeyPem,
    issuer: { commonName: PLATFORM_NAME, privateKeyPem: platform.privateKeyPem },
    now,
    random,
  });
  return {
    version: 1,
    madeAt: now.toISOString(),
    certificate: { privateKeyPem: platform.privateKeyPem, certificatePem },
    publicKey: { id: `PUB_KEY_ID_${randomDigits(PUBLIC_KEY_ID_DIGITS, random)}`, ...bare },
    issuer: { privateKeyPem: issuer.privateKeyPem },
  };
}

/** A bare public key does not expire; the port wants a moment. */
const NEVER = new Date('9999-12-31T23:59:59Z');

/** The public parts; the certificate first, because every SDK knows certificates. */
export function publicPartsOf(secrets: PlatformSecrets): readonly PlatformKey[] {
  const certificate = new X509Certificate(secrets.certificate.certificatePem);
  return [
    {
      keyId: certificate.serialNumber.toUpperCase(),
      kind: 'certificate',
      publicKeyPem: certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      certificatePem: secrets.certificate.certificatePem,
      notBefore: new Date(certificate.validFrom),
      notAfter: new Date(certificate.validTo),
    },
    {
      keyId: secrets.publicKey.id,
      kind: 'public-key',
      publicKeyPem: secrets.publicKey.publicKeyPem,
      certificatePem: null,
      notBefore: new Date(secrets.madeAt),
      notAfter: NEVER,
    },
  ];
}
