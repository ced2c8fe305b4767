import 'reflect-metadata';
import { createPrivateKey, createPublicKey, generateKeyPair, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  PublicKey,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { Refusal } from '@stuiver/errors';
import type { Random } from '@stuiver/ports';

const RSA_BITS = 2048;
/** Larger keys make every verification slower for everybody. */
const MERCHANT_RSA_BITS_MAX = 4096;
const VALID_YEARS = 5;
const SERIAL_BYTES = 20;
/** Clients' clocks may be behind ours. */
const BACKDATE_MS = 300_000;
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

export interface RsaPair {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

export async function newRsaPair(): Promise<RsaPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKeyPem: privateKey, publicKeyPem: publicKey };
}

/** An X.509 certificate over a public key, in PEM. Plain on purpose: some SDKs bring their own small parser (§1.3). */
export async function certify(request: {
  readonly commonName: string;
  readonly publicKeyPem: string;
  readonly issuer: { readonly commonName: string; readonly privateKeyPem: string };
  readonly now: Date;
  readonly random: Random;
}): Promise<{ certificatePem: string; serialNo: string }> {
  const { commonName, publicKeyPem, issuer, now } = request;
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + VALID_YEARS);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(request.random),
    subject: nameOf(commonName),
    issuer: nameOf(issuer.commonName),
    notBefore: new Date(now.getTime() - BACKDATE_MS),
    notAfter,
    publicKey: new PublicKey(publicKeyPem),
    signingKey: await webKey(issuer.privateKeyPem),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    ],
  });
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    serialNo: certificate.serialNumber.toUpperCase(),
  };
}

/**
 * The public key of a signing request whose own signature holds: whoever asks has the private key.
 *
 * @throws Refusal PARAM_ERROR on `csr_pem`.
 */
export async function publicKeyOfRequest(csrPem: string): Promise<string> {
  const request = parseRequest(csrPem);
  const publicKeyPem = request.publicKey.toString('pem');
  const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(publicKeyPem);
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (asymmetricKeyType !== 'rsa' || bits < RSA_BITS || bits > MERCHANT_RSA_BITS_MAX) {
    throw badRequest(
      `must be for an RSA key of ${String(RSA_BITS)} to ${String(MERCHANT_RSA_BITS_MAX)} bits`,
    );
  }
  if (!(await isSelfSigned(request))) throw badRequest('must be signed by its own key');
  return publicKeyPem;
}

function parseRequest(csrPem: string): Pkcs10CertificateRequest {
  try {
    return new Pkcs10CertificateRequest(csrPem);
  } catch {
    throw badRequest('must be a PKCS#10 certificate signing request in PEM');
  }
}

async function isSelfSigned(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    return false;
  }
}

function badRequest(rule: string): Refusal {
  return new Refusal('PARAM_ERROR', { field: 'csr_pem', rule });
}

function nameOf(commonName: string): { [type: string]: string[] }[] {
  return [{ CN: [commonName] }, { O: ['Stuiver'] }];
}

/** Twenty bytes that are positive and start with no zero digit, so every tool prints the same serial number. */
function newSerial(random: Random): string {
  const bytes = Buffer.from(random.bytes(SERIAL_BYTES));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

function webKey(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
