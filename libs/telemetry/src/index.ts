export { JsonLog, type LogLevel } from './json-log.js';
export { createMetrics, type Metrics } from './metrics.js';
