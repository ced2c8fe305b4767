export {
  type CreditTransfer,
  objectionTo,
  type Pain001,
  type Pain001File,
  writePain001,
} from './pain-001.js';
export { isEpcName, toEpcText } from './epc-text.js';
export type { BankEntry, BankStatement, BankTransaction } from './bank-statement.js';
