// The cluster's fault story at length, in legs of which each is a whole story on a new cluster. The report is
// docs/soak/cluster.json; the seed is printed and makes the run again.
import { say } from '../run.mjs';
import { countAndSeed, rounded, runLeg, writeReport } from './legs.mjs';

export const USAGE = 'cluster [faults] [seed]';
const FAULTS_DEFAULT = 200;
const FAULTS_PER_LEG = 50;
const MS_PER_FAULT_MAX = 120_000;

/** @typedef {{ seed: number; faults: unknown[]; orders: number; paid: number; refunds: number; minutes: number }} Leg */

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function soak(args) {
  const given = countAndSeed(args, FAULTS_DEFAULT);
  if (given === undefined) return 2;
  const { count: faults, seed } = given;
  say(`soak: ${String(faults)} faults, seed ${String(seed)}`);
  /** @type {Leg[]} */
  const legs = [];
  for (let done = 0; done < faults; done += FAULTS_PER_LEG) {
    const count = Math.min(FAULTS_PER_LEG, faults - done);
    const leg = await runLeg({
      name: `cluster-${String(seed)}`,
      place: legs.length,
      tests: ['test/cluster/faults'],
      environment: {
        STUIVER_MODE: 'cluster',
        STUIVER_FAULTS: String(count),
        STUIVER_SEED: String(seed + legs.length),
      },
      limitMs: count * MS_PER_FAULT_MAX,
    });
    if (leg === undefined) return 1;
    legs.push(/** @type {Leg & typeof leg} */ (leg));
    say(`soak: ${String(done + count)} of ${String(faults)} faults`);
  }
  await report(seed, legs);
  return 0;
}

/**
 * @param {number} seed
 * @param {readonly Leg[]} legs
 */
async function report(seed, legs) {
  /** @param {(leg: Leg) => number} of */
  const sum = (of) => legs.reduce((total, leg) => total + of(leg), 0);
  await writeReport('cluster', {
    seed,
    faults: sum((leg) => leg.faults.length),
    orders: sum((leg) => leg.orders),
    paid: sum((leg) => leg.paid),
    refunds: sum((leg) => leg.refunds),
    minutes: rounded(sum((leg) => leg.minutes)),
    promisesBroken: 0,
    legs,
  });
}
