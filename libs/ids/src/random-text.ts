import type { Random } from '@stuiver/ports';

/** `count` random decimal digits; the first is never 0, so the text keeps its length as a number too. */
export function randomDigits(count: number, random: Random): string {
  let text = '';
  while (text.length < count) {
    for (const byte of random.bytes(count)) {
      if (byte >= 250 || text.length >= count) continue;
      const digit = String(byte % 10);
      if (text.length > 0 || digit !== '0') text += digit;
    }
  }
  return text;
}

/** `count` random characters that are safe in URLs: six bits each. */
export function randomText(count: number, random: Random): string {
  return Buffer.from(random.bytes(count)).toString('base64url').slice(0, count);
}

export function randomHex(bytes: number, random: Random): string {
  return Buffer.from(random.bytes(bytes)).toString('hex');
}

/** A random UUID (version 4). */
export function newUuid(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
