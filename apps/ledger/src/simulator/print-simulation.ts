import type { Simulated } from './simulate.js';
import { unproduced, wantedCoverage } from './table.js';

/** A run as a person reads it. `isWhole`: nothing disagreed, and everything that should was produced. */
export function printSimulation(
  { steps, seconds, cpuSeconds, coverage, failure }: Simulated,
  { seed, needsAll }: { readonly seed: number; readonly needsAll: boolean },
): { readonly text: string; readonly isWhole: boolean } {
  if (failure !== undefined) {
    const story = failure.story.map((action) => `  ${JSON.stringify(action)}`).join('\n');
    const again = `stuiver simulate --seed ${String(failure.seed)} --steps 1`;
    return { text: `${failure.reason}\n\n${story}\n\n${again}\n`, isWhole: false };
  }
  const missing = needsAll ? unproduced(coverage) : [];
  const table = [...coverage.all].map(([name, count]) => `${String(count).padStart(9)}  ${name}`);
  const rate = `${String(Math.round(steps / seconds))} a second, ${String(Math.round(steps / cpuSeconds))} a second of processor`;
  const lines = [
    ...table,
    ...missing.map((name) => `NOT PRODUCED  ${name}`),
    `seed ${String(seed)}: ${String(steps)} steps, ${rate}`,
    `${String(wantedCoverage().length - missing.length)} of ${String(wantedCoverage().length)} wanted things produced`,
  ];
  return { text: `${lines.join('\n')}\n`, isWhole: missing.length === 0 };
}
