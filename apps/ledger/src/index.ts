export { benchLedger, openBench, type BenchLedgerOptions } from './bench/bench-ledger.js';
export { auditOf } from './audit-of.js';
export type { Verified, VerifyLedger } from './use-cases/verify-ledger.js';
export { benchLedgerLarge } from './bench/bench-ledger-large.js';
export { createLedger, type Ledger, type LedgerOptions } from './create-ledger.js';
export { printSimulation } from './simulator/print-simulation.js';
export { simulate } from './simulator/simulate.js';
export { watchLedger } from './adapters/metrics/ledger-gauges.js';
export { LedgerModule, type LedgerModuleOptions } from './ledger.module.js';
/** Schema `ledger`. */
export const MIGRATIONS = new URL('../migrations/', import.meta.url);
