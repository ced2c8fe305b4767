import { createECDH, createHmac, hkdfSync } from 'node:crypto';

const CURVE = 'prime256v1';
/** Order of the curve P-256. */
const CURVE_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function derive(secret: Uint8Array, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `stuiver ${purpose}`, bytes));
}

export interface SigningJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly alg: 'ES256';
  readonly use: 'sig';
  readonly kid: string;
  readonly d: string;
  readonly x: string;
  readonly y: string;
}

/** What the built-in OpenID provider keeps secret. All replicas derive the same from the secret they share. */
export function providerSecretsOf(secret: Uint8Array): {
  cookieKey: string;
  clientSecret: string;
  signingKey: SigningJwk;
} {
  return {
    cookieKey: derive(secret, 'oidc cookies', 32).toString('base64url'),
    clientSecret: derive(secret, 'oidc client', 32).toString('base64url'),
    signingKey: signingKeyOf(derive(secret, 'oidc signing key', 48)),
  };
}

/** A P-256 key from 48 random bytes (FIPS 186-5, A.2.1: the spare bits make the remainder even). */
function signingKeyOf(bytes: Buffer): SigningJwk {
  const scalar = (BigInt(`0x${bytes.toString('hex')}`) % (CURVE_ORDER - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const pair = createECDH(CURVE);
  pair.setPrivateKey(d);
  // Uncompressed: one byte 4, then x and y.
  const point = pair.getPublicKey();
  const kid = createHmac('sha256', 'stuiver kid').update(point).digest('base64url').slice(0, 16);
  return {
    ...{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid },
    d: d.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
}

/** What a page sends back to show that it is ours; the same for one sign-in. */
export function csrfTokenOf(secret: Uint8Array, signInToken: string): string {
  return createHmac('sha256', derive(secret, 'csrf', 32))
    .update(signInToken)
    .digest('base64url');
}
