import type { CheckpointFacts } from '@stuiver/proof';

/** A state of the books with our signature over it. */
export interface SignedCheckpoint extends CheckpointFacts {
  /** Ed25519 over the UTF-8 of `checkpointText`, 128 hex digits. */
  readonly signature: string;
}

/** Port to the checkpoints. */
export interface Checkpoints {
  /** Where the books stand now, as one glance sees them; undefined before the first sealed batch. */
  standing(): Promise<Omit<CheckpointFacts, 'keyId'> | undefined>;
  /** Keeps it; one that is there already for this batch stays. */
  append(checkpoint: SignedCheckpoint): Promise<void>;
  last(): Promise<SignedCheckpoint | undefined>;
  /** The first at this batch or after it. */
  firstFrom(batch: bigint): Promise<SignedCheckpoint | undefined>;
}
