export {
  AgreeWithLedger,
  type AgreementMemory,
  type MoneySaid,
  type MoneySaidReads,
} from './agree-with-ledger.js';
export { AgreementModule } from './agreement.module.js';
export { AgreementRows } from './agreement-rows.js';
