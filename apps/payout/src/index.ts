export { benchPayout } from './bench/bench-payout.js';
export type { PayoutBenchLine } from './bench/measured.js';
export { PayoutModule } from './payout.module.js';
export type { PayoutOptions } from './options.js';
/** Schema `payout`. */
export const MIGRATIONS = new URL('../migrations/', import.meta.url);
