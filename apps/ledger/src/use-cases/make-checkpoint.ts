import type { KeyStore } from '@stuiver/ports';
import { checkpointText } from '@stuiver/proof';
import type { Checkpoints, SignedCheckpoint } from './checkpoints.js';

export type CheckpointKeys = Pick<KeyStore, 'checkpointKey' | 'signCheckpoint'>;

/** Signs where the books stand. Safe to repeat: a batch has one checkpoint. */
export class MakeCheckpoint {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly keys: CheckpointKeys,
  ) {}

  /** @returns undefined when nothing has been sealed yet. */
  async run(): Promise<SignedCheckpoint | undefined> {
    const standing = await this.checkpoints.standing();
    if (standing === undefined) return undefined;
    const { keyId } = await this.keys.checkpointKey();
    const facts = { ...standing, keyId };
    const text = new TextEncoder().encode(checkpointText(facts));
    const signature = Buffer.from(await this.keys.signCheckpoint(text)).toString('hex');
    await this.checkpoints.append({ ...facts, signature });
    return this.checkpoints.firstFrom(BigInt(facts.batch));
  }
}
