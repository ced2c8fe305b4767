export {
  PspUnknownOutcome,
  type PayIn,
  type PspEvent,
  type PspPayment,
  type PspRefund,
} from './pay-in.js';
export type { ConnectAccounts, ConnectAccountStatus } from './connect-accounts.js';
export type { PspMerchantAccount, PspMerchantAccounts } from './merchant-accounts.js';
export { PAY_IN_FACTS, type PayInWorld } from './conformance.js';
export type { PspAccount, PspPayoutState, PspTransaction } from './pay-out.js';
export { PSP_ACCOUNT_FACTS, type PspAccountWorld } from './account-conformance.js';
