export {
  type CreditTransfer,
  objectionTo,
  type Pain001,
  type Pain001File,
  writePain001,
} from './pain-001.js';
export { isEpcName, toEpcText } from './epc-text.js';
export type { BankEntry, BankStatement, BankTransaction } from './bank-statement.js';
export { readCamt053 } from './read-camt-053.js';
export { writeCamt053 } from './write-camt-053.js';
export { type PaymentOrder, readPain001 } from './read-pain-001.js';
export { type PaymentStatus, type PaymentStatusReport, readPain002 } from './read-pain-002.js';
export { leaf, wrap } from './xml-writer.js';
