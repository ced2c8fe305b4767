export { writePain001, type Pain001, type Pain001File, type CreditTransfer } from './pain001.js';
export { toEpcText } from './epc-text.js';
export { epcName, sepaIban } from './epc-rules.js';
