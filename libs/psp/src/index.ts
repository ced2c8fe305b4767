export type { CardFields } from './card-fields.js';
export {
  PspUnknownOutcome,
  type PayIn,
  type PspEvent,
  type PspPayment,
  type PspRefund,
} from './pay-in.js';
export type { ConnectAccounts, ConnectAccountStatus } from './connect-accounts.js';
export type { PspMerchantAccount, PspMerchantAccounts } from './merchant-accounts.js';
export { PAY_IN_FACTS } from './conformance.js';
export type { PayInWorld } from './conformance-world.js';
export type { PspCapabilities } from './capabilities.js';
export { disputableUntil } from './finality.js';
export type { DisputedMoney, PspDispute } from './dispute.js';
export type { PspAccount, PspPayoutState, PspTransaction } from './pay-out.js';
export { PSP_ACCOUNT_FACTS, type PspAccountWorld } from './account-conformance.js';
