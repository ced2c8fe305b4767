import type {
  BatchFacts,
  CheckpointFacts,
  CommandFacts,
  Side,
  TransferFacts,
} from './canonical.js';

/** What shows, to anybody and without us, that a command is in books that we signed. Its JSON is stable. */
export interface Receipt {
  readonly kind: 'stuiver.receipt.v1';
  readonly command: CommandFacts;
  /** Those of its transfers that the reader may see. */
  readonly transfers: readonly ReceiptTransfer[];
  /** What it carries beside its amounts; null when it carries none, it was erased, or it is not the reader's. */
  readonly metadata: Metadata | null;
  readonly batch: BatchFacts;
  /** The chained hash that the batch stands on. */
  readonly previous: string;
  /** Where in the batch's tree the command is, and what leads from there to the root. */
  readonly inclusion: {
    readonly index: number;
    readonly count: number;
    readonly path: readonly string[];
  };
  /** Hashes of the texts of the batches after it, up to the checkpoint's. */
  readonly chain: readonly string[];
  readonly checkpoint: CheckpointFacts & { readonly signature: string };
}

export interface Metadata {
  /** 32 hex digits. */
  readonly salt: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ReceiptTransfer {
  readonly facts: TransferFacts;
  /** Null: this side is not the reader's to see. */
  readonly debit: Side | null;
  readonly credit: Side | null;
}
