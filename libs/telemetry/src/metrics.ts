import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { type Gauges, type Log, SilentLog } from '@stuiver/ports';
import { GaugeReader } from './gauge-reader.js';

export interface Metrics extends Gauges {
  /** Prometheus text exposition of everything registered. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Seconds an HTTP request took, by route pattern (never by URL: ids would make a series each). */
  observeRequest(facts: { method: string; route: string; status: number; seconds: number }): void;
}

const REQUEST_BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(log: Log = new SilentLog()): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const reader = new GaugeReader(registry, log);
  const requests = new Histogram({
    name: 'stuiver_http_request_seconds',
    help: 'Time from request to answer, by route pattern and class of status (2xx, 4xx, …)',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS_SECONDS,
    registers: [registry],
  });
  return {
    watch: (source) => {
      reader.watch(source);
    },
    text: async () => {
      await reader.refresh();
      return registry.metrics();
    },
    contentType: registry.contentType,
    observeRequest: ({ method, route, status, seconds }) => {
      requests.observe({ method, route, status: `${String(Math.floor(status / 100))}xx` }, seconds);
    },
  };
}
