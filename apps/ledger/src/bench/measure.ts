/** What a scenario prints. */
export interface BenchLine {
  readonly name: string;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly n: number;
  readonly concurrency: number;
  /** Where one measured step books more or less than one transfer. */
  readonly transfers_per_second?: number;
  /** Transfers a second, as a multiple of the function's in the same run and the same place. */
  readonly times_function?: number;
  /** Of the ledger's process, MB. */
  readonly resident_mb?: number;
}

export interface Scenario {
  readonly name: string;
  readonly n: number;
  readonly concurrency: number;
  readonly one: (index: number) => Promise<unknown>;
  /** Transfers of one step. */
  readonly per?: number;
}

/** Runs `one` n times, each caller beginning the next when it has its answer. */
export async function measure({ name, n, concurrency, one, per }: Scenario): Promise<BenchLine> {
  const times = new Float64Array(n);
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let index = next++; index < n; index = next++) {
      const begun = performance.now();
      await one(index);
      times[index] = performance.now() - begun;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: concurrency }, caller));
  const seconds = (performance.now() - begun) / 1_000;
  times.sort();
  return {
    name,
    per_second: Math.round(n / seconds),
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
    n,
    concurrency,
    ...(per === undefined ? {} : { transfers_per_second: Math.round((n * per) / seconds) }),
  };
}

function percentile(sorted: Float64Array, share: number): number {
  const place = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round((sorted[place] ?? 0) * 100) / 100;
}
