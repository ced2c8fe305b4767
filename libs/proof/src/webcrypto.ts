/*
 * SHA-256 and Ed25519 by the platform: the same in Node and in a browser, also on a page that came from a file. All hashes
 * are 64 hex digits.
 */

const utf8 = new TextEncoder();

export async function sha256(text: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', utf8.encode(text)));
}

/** As RFC 6962 hashes a node: 0x01 and both hashes. */
export async function hashNode(left: string, right: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', bytesOf(`01${left}${right}`)));
}

/** @param publicKeyPem  SPKI. @returns false for anything that is not this key's signature over the text. */
export async function isSigned(
  text: string,
  signature: string,
  publicKeyPem: string,
): Promise<boolean> {
  const key = await crypto.subtle.importKey('spki', derOf(publicKeyPem), 'Ed25519', false, [
    'verify',
  ]);
  return crypto.subtle.verify('Ed25519', key, bytesOf(signature), utf8.encode(text));
}

/** The first 16 hex digits of the SHA-256 of its SPKI form. */
export async function keyIdOf(publicKeyPem: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', derOf(publicKeyPem))).slice(0, 16);
}

function derOf(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const pairs = hex.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
