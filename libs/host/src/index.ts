export {
  CheckoutApi,
  CheckoutProblem,
  type Sheet,
  type ShownAttempt,
  type Method,
} from './checkout-api.js';
export { MiniProgramFrame } from './mini-program-frame.js';
export { PaySheet } from './pay-sheet.js';
export { money, type Language } from './money.js';
export { SHEET_WORDS } from './words.js';
