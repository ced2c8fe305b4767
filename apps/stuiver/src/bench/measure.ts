/** What every scenario prints: one JSON object a line. */
export interface BenchLine {
  readonly name: string;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly n: number;
  readonly concurrency: number;
}

/** Runs `one` n times, `concurrency` at a time, and times each. */
export async function measure(scenario: {
  readonly name: string;
  readonly n: number;
  readonly concurrency: number;
  readonly one: (index: number) => Promise<void>;
}): Promise<BenchLine> {
  const { name, n, concurrency, one } = scenario;
  const times: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < n; index = next++) {
      const begun = performance.now();
      await one(index);
      times.push(performance.now() - begun);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - begun) / 1_000;
  times.sort((a, b) => a - b);
  return {
    name,
    per_second: Math.round(n / seconds),
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
    n,
    concurrency,
  };
}

/** @param sorted  milliseconds, ascending. */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 100) / 100;
}
