// The ledger at length: one, two and four processes on a server of their own, killed and stopped between any two
// statements, in legs of which each is three stories; beside it the simulator, for so many steps a fault. The report is
// docs/soak/ledger.json; the seed is printed and makes the run again.
import { run, say } from '../run.mjs';
import { countAndSeed, rounded, runLeg, writeReport } from './legs.mjs';

export const USAGE = 'ledger [faults] [seed]';
const FAULTS_DEFAULT = 500;
/** Books grow with every fault, and the naive model's time with their square. */
const FAULTS_PER_STORY = 10;
const LEDGERS = ['1', '2', '4'];
const FAULTS_PER_LEG = FAULTS_PER_STORY * LEDGERS.length;
const STOPPED_MS = 30_000;
const MS_PER_FAULT_MAX = 120_000;
const STEPS_PER_FAULT = 1_000;

/**
 * @typedef {{ kind: string; toWriter: boolean; ms: number; tookOverMs?: number }} Fault
 * @typedef {{ answers: number; commands: number; transfers: number; batches: number }} Counts
 * @typedef {{ ledgers: number; seed: number; faults: Fault[] } & Counts} Story
 * @typedef {{ seed: number; stories: Story[]; minutes: number }} Leg
 */

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function soak(args) {
  const given = countAndSeed(args, FAULTS_DEFAULT);
  if (given === undefined) return 2;
  const { count, seed } = given;
  const legsWanted = Math.ceil(count / FAULTS_PER_LEG);
  const faults = legsWanted * FAULTS_PER_LEG;
  say(`soak: ${String(faults)} faults, seed ${String(seed)}`);
  const steps = faults * STEPS_PER_FAULT;
  // It has no server and no disk, and takes as long as the legs do.
  const simulating = simulate(seed, steps);
  /** @type {Leg[]} */
  const legs = [];
  while (legs.length < legsWanted) {
    const leg = await runLeg({
      name: `ledger-${String(seed)}`,
      place: legs.length,
      tests: ['test/ledger/killed'],
      environment: {
        STUIVER_FAULTS: String(FAULTS_PER_STORY),
        STUIVER_SEED: String(seed + legs.length * 1_000),
        STUIVER_STOPPED_MS: String(STOPPED_MS),
      },
      limitMs: FAULTS_PER_STORY * MS_PER_FAULT_MAX,
    });
    if (leg === undefined) return 1;
    legs.push(/** @type {Leg & typeof leg} */ (leg));
    say(`soak: ${String(legs.length * FAULTS_PER_LEG)} of ${String(faults)} faults`);
  }
  const simulated = await simulating;
  if (simulated === undefined) return 1;
  await report(seed, legs, { seed, steps, minutes: simulated, disagreements: 0 });
  return 0;
}

/**
 * @param {number} seed
 * @param {number} steps
 * @returns {Promise<number | undefined>} minutes; nothing when ledger and model disagreed.
 */
async function simulate(seed, steps) {
  say(`soak: the simulator, ${String(steps)} steps`);
  const simulator = ['apps/stuiver/bin/stuiver.js', 'simulate'];
  const { code, output, seconds } = await run([
    ...['node', ...simulator, '--seed', String(seed), '--steps', String(steps)],
  ]);
  if (code === 0) return rounded(seconds / 60);
  say(output);
  return undefined;
}

/**
 * @param {number} seed
 * @param {readonly Leg[]} legs
 * @param {object} simulator
 */
async function report(seed, legs, simulator) {
  const stories = legs.flatMap((leg) => leg.stories);
  const faults = stories.flatMap((story) => story.faults);
  /** @param {(story: Story) => number} of */
  const sum = (of) => stories.reduce((total, story) => total + of(story), 0);
  await writeReport('ledger', {
    seed,
    faults: faults.length,
    faultsByKind: counted(faults.map(({ kind }) => kind)),
    faultsByLedgers: counted(stories.flatMap((story) => story.faults.map(() => story.ledgers))),
    faultsToTheWriter: faults.filter(({ toWriter }) => toWriter).length,
    answersHeard: sum((story) => story.answers),
    commandsBooked: sum((story) => story.commands),
    transfers: sum((story) => story.transfers),
    batches: sum((story) => story.batches),
    stoppedMs: STOPPED_MS,
    tookOverMs: spread(faults.flatMap(({ tookOverMs }) => tookOverMs ?? [])),
    minutes: rounded(legs.reduce((total, leg) => total + leg.minutes, 0)),
    verified: `${String(stories.length)} of ${String(stories.length)} books`,
    lawsBroken: 0,
    simulator,
    stories: stories.map((story) => ({
      ...story,
      faults: counted(story.faults.map(({ kind }) => kind)),
    })),
  });
}

/** @param {readonly (string | number)[]} names */
function counted(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** @param {readonly number[]} values */
function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    least: sorted[0],
    median: sorted[sorted.length >> 1],
    most: sorted.at(-1),
  };
}
