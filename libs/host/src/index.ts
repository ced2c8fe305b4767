export {
  CheckoutApi,
  CheckoutProblem,
  type Method,
  type OpenedSheet,
  type Sheet,
  type ShownAttempt,
} from './checkout-api.js';
export { openBankWindow } from './bank-window.js';
export type { BankWindow } from './flow-ports.js';
export { MiniProgramFrame } from './mini-program-frame.js';
export { PaySheet } from './pay-sheet.js';
export { type Language, money } from './money.js';
