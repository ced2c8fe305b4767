export { type CreditTransfer, type Pain001, type Pain001File, writePain001 } from './pain-001.js';
export { toEpcText } from './epc-text.js';
