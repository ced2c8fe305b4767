export {
  AttemptIdText,
  OrderIdText,
  RefundIdText,
  UserIdText,
  SettlementIdText,
  PayoutIdText,
  PayoutBatchIdText,
  TopUpIdText,
  type AttemptId,
  type OrderId,
  type RefundId,
  type UserId,
  type SettlementId,
  type PayoutId,
  type PayoutBatchId,
  type TopUpId,
  newId,
  idsSince,
  type IdKind,
} from './kinds.js';
export { commandIdOf, eventIdOf, isOwnCommandId, ownCommandIdOf } from './derived.js';
export { randomDigits, randomText, randomHex, newUuid } from './random-text.js';
