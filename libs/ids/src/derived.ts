import { createHash } from 'node:crypto';

/**
 * UUID v5 (RFC 9562 §5.5): the same name always gives the same id, on every machine and after every restart. Version 8
 * is the same under another number, for ids that nobody else may use.
 */
function uuidV5(namespace: string, name: string, version: 5 | 8 = 5): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | (version << 4), 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}

const COMMANDS = '6d1f4a52-37b4-4d7e-9c56-5d3f1f0a8e01';
const EVENTS = '6d1f4a52-37b4-4d7e-9c56-5d3f1f0a8e02';

/**
 * The ledger command that one business cause leads to. Derived from the business id and the purpose, never from an
 * event's id, so the synchronous call and the event submit the same command and whichever comes second finds it done.
 */
export function commandIdOf(purpose: string, businessId: string): string {
  return uuidV5(COMMANDS, `${purpose}:${businessId}`);
}

/** The id of a command that the ledger gives itself. No caller may use such an id. */
export function ownCommandIdOf(purpose: string, thing: string): string {
  return uuidV5(COMMANDS, `${purpose}:${thing}`, 8);
}

export function isOwnCommandId(id: string): boolean {
  return id.charAt(14) === '8';
}

/** The id of an event that tells one fact about one thing, for writers whose own table is their outbox. */
export function eventIdOf(type: string, thing: string): string {
  return uuidV5(EVENTS, `${type}:${thing}`);
}
