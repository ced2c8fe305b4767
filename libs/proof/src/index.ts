export {
  type BatchFacts,
  batchText,
  type CommandFacts,
  commandText,
  instant,
  type More,
  netstrings,
  NO_MORE,
  type Side,
  sideText,
  type TransferFacts,
  transferText,
} from './canonical.js';
export { type HashNode, leafText, pathOf, rootFrom, rootOf } from './merkle.js';
