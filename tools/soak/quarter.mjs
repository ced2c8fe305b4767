// Three shops' money over ninety days, in two stretches: one has the end of summer time, Christmas is behind it; the other
// has Easter and summer time's beginning. The report is docs/soak/quarter.json; the seed makes the run again.
import { say } from '../run.mjs';
import { countAndSeed, rounded, runLeg, writeReport } from './legs.mjs';

export const USAGE = 'quarter [orders a day and shop] [seed]';
const SALES_DEFAULT = 200;
const STRETCHES = ['2026-10-05', '2027-03-01'];
const DAYS = 45;
const LEG_MS_MAX = 4 * 3_600_000;

/**
 * @typedef {object} Leg
 * @property {number} days
 * @property {number} orders
 * @property {number} soldMinor
 * @property {number} refunds
 * @property {number} disputes
 * @property {number} payouts
 * @property {number} unexplainedMornings
 * @property {number} differenceMinor
 * @property {number} minutes
 */

const COUNTS = /** @type {const} */ ([
  'days',
  'orders',
  'soldMinor',
  'refunds',
  'disputes',
  'payouts',
  'unexplainedMornings',
  'differenceMinor',
]);

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function soak(args) {
  const given = countAndSeed(args, SALES_DEFAULT);
  if (given === undefined) return 2;
  const { count: sales, seed } = given;
  say(`soak: ${String(sales)} orders a day and shop, seed ${String(seed)}`);
  /** @type {Leg[]} */
  const legs = [];
  for (const first of STRETCHES) {
    const leg = await runLeg({
      name: `quarter-${String(seed)}-${String(sales)}`,
      place: legs.length,
      tests: ['test/quarter'],
      environment: {
        STUIVER_FIRST_DAY: first,
        STUIVER_DAYS: String(DAYS),
        STUIVER_SALES: String(sales),
        STUIVER_SEED: String(seed + legs.length),
      },
      limitMs: LEG_MS_MAX,
    });
    if (leg === undefined) return 1;
    legs.push(/** @type {Leg & typeof leg} */ (leg));
    await report(seed, sales, legs);
  }
  return 0;
}

/**
 * A leg with an exception that nobody caused, or a cent of difference, has failed, and is no leg here.
 *
 * @param {number} seed
 * @param {number} ordersPerDayAndShop
 * @param {readonly Leg[]} legs
 */
async function report(seed, ordersPerDayAndShop, legs) {
  /** @param {(leg: Leg) => number} of */
  const sum = (of) => legs.reduce((total, leg) => total + of(leg), 0);
  const counts = Object.fromEntries(COUNTS.map((name) => [name, sum((leg) => leg[name])]));
  await writeReport('quarter', {
    ...{ seed, ordersPerDayAndShop, ...counts },
    minutes: rounded(sum((leg) => leg.minutes)),
    legs,
  });
}
