/*
 * What the consoles and the services that answer them say to each other, as JSON. Types only: the services validate
 * what they receive, the pages trust what their own origin answers. Amounts are minor units as text, instants ISO 8601.
 */
export type * from './audit.js';
export type * from './common.js';
export type * from './counter.js';
export type * from './fee-invoices.js';
export type * from './finance.js';
export type * from './merchant.js';
export type * from './months.js';
export type * from './notifications.js';
export type * from './open-items.js';
export type * from './payees.js';
export type * from './prices.js';
export type * from './risk.js';
export type * from './staff.js';
export type * from './support.js';
export type * from './write-offs.js';
