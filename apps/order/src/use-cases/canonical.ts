import { createHash } from 'node:crypto';

/** SHA-256 over the JSON text with keys in order, so two spellings of one request are one. */
export function sha256OfRequest(request: Readonly<Record<string, unknown>>): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify(sorted(request)))
    .digest();
}

export function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
