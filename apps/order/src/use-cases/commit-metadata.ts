import { createHash } from 'node:crypto';
import { invariant } from '@stuiver/errors';
import { type Metadata, metadataText } from '@stuiver/proof';
import type { Random } from '@stuiver/ports';
import type { AttemptMetadata } from '../domain/attempt.js';
import type { Order } from '../domain/order.js';
import type { PersonKeys } from './person-keys.js';
import type { Openids } from './ports.js';

const SALT_BYTES = 16;

/**
 * What a payment says of its payer: the books get its salted hash, the attempt keeps it sealed under the payer's key. So
 * a receipt can show who paid for what, and an erasure leaves a hash that tells nobody anything.
 */
export class CommitMetadata {
  constructor(
    private readonly keys: PersonKeys,
    private readonly openids: Pick<Openids, 'find'>,
    private readonly random: Random,
  ) {}

  /** @throws Refusal NOT_SIGNED_IN: the payer is being erased. */
  async run(attemptId: string, userId: string, order: Order): Promise<AttemptMetadata> {
    const [salt, contentSalt] = [this.salt(), this.salt()];
    const payer = await this.openids.find(order.appid, userId);
    invariant(payer !== undefined, 'a payer has an openid from the moment the sheet opened');
    const metadata = { salt, fields: fieldsOf(payer, order) };
    const plain = Buffer.from(JSON.stringify(metadata));
    const sealed = await this.keys.seal(userId, purposeOf(attemptId), plain);
    return { sha256: sha256Of(metadata), contentSalt, sealed };
  }

  /** What opens the hash; null when there was nothing, or it is erased. */
  async open(
    attemptId: string,
    userId: string,
    sealed: Uint8Array | null,
  ): Promise<Metadata | null> {
    if (sealed === null) return null;
    const plain = await this.keys.open(userId, purposeOf(attemptId), sealed);
    return plain === undefined ? null : (JSON.parse(plain.toString()) as Metadata);
  }

  private salt(): string {
    return Buffer.from(this.random.bytes(SALT_BYTES)).toString('hex');
  }
}

/** @param payer  the name by which the merchant knows them, and nobody else does. */
function fieldsOf(payer: string, order: Order): Metadata['fields'] {
  const { mchid, outTradeNo, description } = order;
  return { payer, payee: mchid, order: outTradeNo, description };
}

function sha256Of({ salt, fields }: Metadata): string {
  return createHash('sha256').update(metadataText(salt, fields)).digest('hex');
}

function purposeOf(attemptId: string): string {
  return `attempt-metadata:${attemptId}`;
}
