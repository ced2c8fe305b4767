export {
  type BatchFacts,
  batchText,
  chainText,
  type CheckpointFacts,
  checkpointText,
  type CommandFacts,
  commandText,
  instant,
  type More,
  metadataText,
  netstrings,
  NO_MORE,
  type Side,
  sideText,
  type TransferFacts,
  type TrialSum,
  transferText,
} from './canonical.js';
export type { Metadata, Receipt, ReceiptTransfer } from './receipt.js';
export { type Step, verifyReceipt } from './verify-receipt.js';
export { keyIdOf, isSigned, sha256 } from './webcrypto.js';
export { type HashNode, leafText, pathOf, rootFrom, rootOf } from './merkle.js';
