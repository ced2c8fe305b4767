export { watchOrder } from './adapters/metrics/order-gauges.js';
export { OrderModule } from './order.module.js';
export type { OidcOptions, OrderOptions } from './options.js';
export { createV3Surface } from './adapters/http/v3/surface.js';
export { CRASH_POINTS } from './use-cases/crash-points.js';

/** Schema `orders`. */
export const MIGRATIONS = new URL('../migrations/', import.meta.url);
/** Schema `people`, the only home of payers' personal data. */
export const PEOPLE_MIGRATIONS = new URL('../people/', import.meta.url);
