import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import type { Clock, KeyStore, Random } from '@stuiver/ports';
import type { PeopleStore } from './people-ports.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/**
 * One key per person, for what is kept of them outside schema `people`: AES-256-GCM with a fresh nonce in front and the
 * tag behind. The key store seals the keys; once a person's key is destroyed, what it sealed opens for nobody.
 */
export class PersonKeys {
  constructor(
    private readonly people: Pick<PeopleStore, 'personKey' | 'run'>,
    private readonly keys: Pick<KeyStore, 'seal' | 'open'>,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** @param purpose  what it opens under, and nothing else. @throws Refusal NOT_SIGNED_IN: there is no such person any more. */
  async seal(userId: string, purpose: string, plain: Uint8Array): Promise<Uint8Array> {
    const key = (await this.find(userId)) ?? (await this.make(userId));
    const nonce = this.tools.random.bytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(purpose));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** Undefined when the key is destroyed. @throws Error when it was sealed for another purpose, or a byte of it changed. */
  async open(userId: string, purpose: string, sealed: Uint8Array): Promise<Buffer | undefined> {
    const key = await this.find(userId);
    if (key === undefined) return undefined;
    const bytes = Buffer.from(sealed);
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]);
  }

  private async find(userId: string): Promise<Uint8Array | undefined> {
    const sealed = await this.people.personKey(userId);
    return sealed && this.keys.open(purposeOf(userId), sealed);
  }

  /** Of two at once the first one stays. */
  private async make(userId: string): Promise<Uint8Array> {
    const key = this.tools.random.bytes(KEY_BYTES);
    const keySealed = await this.keys.seal(purposeOf(userId), key);
    const createdAt = this.tools.clock.now();
    const isMade = await this.people.run((writes) =>
      writes.insertPersonKey({ userId, keySealed, createdAt }),
    );
    const kept = isMade ? key : await this.find(userId);
    if (kept === undefined) throw new Refusal('NOT_SIGNED_IN', { rule: 'the account is erased' });
    return kept;
  }
}

function purposeOf(userId: string): string {
  return `person-key:${userId}`;
}
