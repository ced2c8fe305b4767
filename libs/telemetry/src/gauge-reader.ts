import { Gauge, type Registry } from 'prom-client';
import type { Gauges, GaugeSource, Log, Reading } from '@stuiver/ports';

/** Two scrapes in a row, or two Prometheus servers, cost one look. */
const KEPT_MS = 5_000;
/** A database that stands still must not hold up the figures of the rest. */
const READ_MS_MAX = 3_000;

const FAILED = 'stuiver_metrics_read_failed';

interface Watched {
  readonly source: GaugeSource;
  at: number;
  readings: readonly Reading[];
  reading: Promise<void> | undefined;
}

/** Reads what services offer to be watched. What cannot be read is left out and named, never shown as nought. */
export class GaugeReader implements Gauges {
  private readonly gauges = new Map<string, Gauge>();
  private readonly watched: Watched[] = [];
  private readonly failed: Gauge;

  constructor(
    private readonly registry: Registry,
    private readonly log: Log,
  ) {
    const help = '1 when the figures of this source could not be read; they are missing then';
    this.failed = new Gauge({ name: FAILED, help, labelNames: ['source'], registers: [registry] });
  }

  watch(source: GaugeSource): void {
    for (const [name, { help, labels = [] }] of Object.entries(source.gauges)) {
      if (this.gauges.has(name)) continue;
      const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [this.registry] });
      this.gauges.set(name, gauge);
    }
    this.watched.push({ source, at: -Infinity, readings: [], reading: undefined });
  }

  /** Brings every gauge up to date. Never rejects. */
  async refresh(): Promise<void> {
    await Promise.all(this.watched.map((watched) => this.renew(watched)));
    for (const gauge of this.gauges.values()) gauge.reset();
    for (const { gauge, value, labels = {} } of this.watched.flatMap(({ readings }) => readings)) {
      this.gauges.get(gauge)?.set(labels, value);
    }
  }

  private async renew(watched: Watched): Promise<void> {
    const { keptMs = KEPT_MS } = watched.source;
    if (performance.now() - watched.at < keptMs) return;
    watched.reading ??= this.read(watched).finally(() => {
      watched.reading = undefined;
    });
    await watched.reading;
  }

  private async read(watched: Watched): Promise<void> {
    const { source } = watched;
    try {
      watched.readings = await within(source.read(), READ_MS_MAX);
      watched.at = performance.now();
      this.failed.set({ source: source.name }, 0);
    } catch (error) {
      watched.readings = [];
      this.failed.set({ source: source.name }, 1);
      this.log.warn('figures could not be read', { source: source.name, reason: String(error) });
    }
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no figures within ${String(ms)} ms`));
    }, ms);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
