export {
  PspUnknownOutcome,
  type PayIn,
  type PspEvent,
  type PspPayment,
  type PspRefund,
} from './pay-in.js';
