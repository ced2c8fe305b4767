export { HttpLedger, type HttpLedgerOptions } from './http-ledger.js';
