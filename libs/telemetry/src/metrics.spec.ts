import { describe, expect, it } from '@jest/globals';
import type { GaugeSource } from '@stuiver/ports';
import { createMetrics } from './metrics.js';

const GAUGES = { rows: { help: 'Rows that wait', labels: ['service'] } };

/** A source that counts how often it is read. */
function counting(service: string, read: () => Promise<number>): GaugeSource & { reads: number } {
  const source = {
    name: service,
    gauges: GAUGES,
    reads: 0,
    read: async () => {
      source.reads += 1;
      return [{ gauge: 'rows', value: await read(), labels: { service } }];
    },
  };
  return source;
}

describe('the figures', () => {
  it('of several services stand beside each other', async () => {
    const metrics = createMetrics();
    metrics.watch(counting('order', () => Promise.resolve(3)));
    metrics.watch(counting('payout', () => Promise.resolve(0)));
    const text = await metrics.text();
    expect(text).toContain('rows{service="order"} 3');
    expect(text).toContain('rows{service="payout"} 0');
  });

  it('are read once for scrapes that come together or soon after each other', async () => {
    const metrics = createMetrics();
    const source = counting('order', () => Promise.resolve(3));
    metrics.watch(source);
    await Promise.all([metrics.text(), metrics.text()]);
    await metrics.text();
    expect(source.reads).toBe(1);
  });

  it('that cannot be read are missing and named, and hold up nobody', async () => {
    const metrics = createMetrics();
    metrics.watch(counting('order', () => Promise.reject(new Error('no connection'))));
    metrics.watch(counting('payout', () => Promise.resolve(1)));
    const text = await metrics.text();
    expect(text).not.toContain('rows{service="order"}');
    expect(text).toContain('rows{service="payout"} 1');
    expect(text).toContain('stuiver_metrics_read_failed{source="order"} 1');
    expect(text).toContain('stuiver_metrics_read_failed{source="payout"} 0');
  });

  it('that take too long are missing too', async () => {
    const metrics = createMetrics();
    metrics.watch(counting('order', () => new Promise(() => undefined)));
    expect(await metrics.text()).toContain('stuiver_metrics_read_failed{source="order"} 1');
  });

  it('of requests are kept by pattern and class of status', async () => {
    const metrics = createMetrics();
    metrics.observeRequest({ method: 'GET', route: '/orders/:id', status: 404, seconds: 0.02 });
    expect(await metrics.text()).toContain(
      'stuiver_http_request_seconds_count{method="GET",route="/orders/:id",status="4xx"} 1',
    );
  });

  it('of the process are there', async () => {
    expect(await createMetrics().text()).toContain('process_resident_memory_bytes');
  });
});
