import { type Action, planWorld, WORLD_COMMANDS } from './plan.js';
import { Coverage } from './coverage.js';
import { MemoryTables } from './memory-tables.js';
import { shrink } from './shrink.js';
import { runWorld } from './world.js';

export interface SimulateOptions {
  readonly seed: number;
  /** Commands, in all worlds together. */
  readonly steps: number;
  /** The tables of each world, empty; without, those that do what the database does. */
  readonly tables?: () => MemoryTables;
}

export interface SimulationFailure {
  /** Of the one world that failed: `--seed` this, `--steps` one. */
  readonly seed: number;
  readonly reason: string;
  readonly story: readonly Action[];
}

export interface Simulated {
  readonly steps: number;
  readonly seconds: number;
  /** Of processor time: what other work on the machine does not change. */
  readonly cpuSeconds: number;
  readonly coverage: Coverage;
  readonly failure: SimulationFailure | undefined;
}

/** Runs world after world, each from a seed of its own, until so many commands were sent or something is wrong. */
export async function simulate({
  seed,
  steps,
  tables = () => new MemoryTables(),
}: SimulateOptions): Promise<Simulated> {
  const coverage = new Coverage();
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let world = seed;
  let failure: SimulationFailure | undefined;
  for (let left = steps; left > 0 && failure === undefined; left -= WORLD_COMMANDS, world += 1) {
    failure = await tryWorld(world, coverage, tables);
  }
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  return { steps: coverage.of('command'), seconds, cpuSeconds, coverage, failure };
}

async function tryWorld(
  seed: number,
  coverage: Coverage,
  tables: () => MemoryTables,
): Promise<SimulationFailure | undefined> {
  const story = planWorld(seed, WORLD_COMMANDS);
  const reason = await reasonOf(story, coverage, tables());
  if (reason === undefined) return undefined;
  const again = (shorter: readonly Action[]): Promise<string | undefined> =>
    reasonOf(shorter, new Coverage(), tables());
  const fails = async (shorter: readonly Action[]): Promise<boolean> =>
    (await again(shorter)) !== undefined;
  const shortest = await shrink(story, { fails, joined });
  return { seed, reason: (await again(shortest)) ?? reason, story: shortest };
}

function joined(first: Action, second: Action): Action | undefined {
  if (first.do !== 'clock' || second.do !== 'clock') return undefined;
  return { do: 'clock', ms: first.ms + second.ms };
}

async function reasonOf(
  story: readonly Action[],
  coverage: Coverage,
  tables: MemoryTables,
): Promise<string | undefined> {
  try {
    await runWorld(story, coverage, tables);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
