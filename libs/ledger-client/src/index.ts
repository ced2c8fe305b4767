export { HttpLedger, type HttpLedgerOptions } from './http-ledger.js';
export { AgreeWithLedger, type MoneySaid, type MoneySaidReads } from './agree-with-ledger.js';
export { agreementGauges } from './agreement-gauges.js';
