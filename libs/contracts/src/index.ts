export * from './envelope.js';
export * from './order-events.js';
export * from './ledger-events.js';
export * from './payout-events.js';
export * from './events.js';
export * from './ledger-commands.js';
export * from './ledger-port.js';
export * from './commands-of-events.js';
export type { MoneyMode } from './money-mode.js';
