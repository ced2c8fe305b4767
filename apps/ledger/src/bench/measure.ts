/** What a scenario prints. */
export interface BenchLine {
  readonly name: string;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly n: number;
  readonly concurrency: number;
}

export interface Scenario {
  readonly name: string;
  readonly n: number;
  readonly concurrency: number;
  readonly one: (index: number) => Promise<unknown>;
}

/** Runs `one` n times, each caller beginning the next when it has its answer. */
export async function measure({ name, n, concurrency, one }: Scenario): Promise<BenchLine> {
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
  };
}

function percentile(sorted: Float64Array, share: number): number {
  const place = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round((sorted[place] ?? 0) * 100) / 100;
}
