// Hostile orders at length, in legs of which each is a whole story on a new installation. The report is
// docs/soak/psp.json; the seed is printed and makes the run again.
import { say } from '../run.mjs';
import { countAndSeed, rounded, runLeg, writeReport } from './legs.mjs';

export const USAGE = 'psp [orders] [seed]';
const ORDERS_DEFAULT = 10_000;
const ORDERS_PER_LEG = 500;
const LEG_MS_MAX = 1_800_000;

/**
 * @typedef {object} Leg
 * @property {number} seed
 * @property {number} orders
 * @property {number} paid
 * @property {number} refunded
 * @property {number} closed
 * @property {number} paidTwiceAndGivenBack
 * @property {number} paidTooLateAndGivenBack
 * @property {number} spoiltAnswers
 * @property {number} tappedTwice
 * @property {number} doubleCharges
 * @property {number} lost
 * @property {number} stuck
 * @property {number} differenceMinor
 * @property {number} minutes
 */

const COUNTS = /** @type {const} */ ([
  'orders',
  'paid',
  'refunded',
  'closed',
  'paidTwiceAndGivenBack',
  'paidTooLateAndGivenBack',
  'spoiltAnswers',
  'tappedTwice',
  'doubleCharges',
  'lost',
  'stuck',
  'differenceMinor',
]);

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function soak(args) {
  const given = countAndSeed(args, ORDERS_DEFAULT);
  if (given === undefined) return 2;
  const { count: orders, seed } = given;
  say(`soak: ${String(orders)} hostile orders, seed ${String(seed)}`);
  /** @type {Leg[]} */
  const legs = [];
  for (let done = 0; done < orders; done += ORDERS_PER_LEG) {
    const count = Math.min(ORDERS_PER_LEG, orders - done);
    const leg = await runLeg({
      name: `psp-${String(seed)}-${String(orders)}`,
      place: legs.length,
      tests: ['test/hostile/orders'],
      environment: { STUIVER_ORDERS: String(count), STUIVER_SEED: String(seed + legs.length) },
      limitMs: LEG_MS_MAX,
    });
    if (leg === undefined) return 1;
    legs.push(/** @type {Leg & typeof leg} */ (leg));
    // A run that is ended before its end has a report of what it did.
    await report(seed, legs);
    say(`soak: ${String(done + count)} of ${String(orders)} orders`);
  }
  return 0;
}

/**
 * A leg with a double charge, a lost payment, a stuck order or a cent of difference has failed, and is no leg here.
 *
 * @param {number} seed
 * @param {readonly Leg[]} legs
 */
async function report(seed, legs) {
  /** @param {(leg: Leg) => number} of */
  const sum = (of) => legs.reduce((total, leg) => total + of(leg), 0);
  const counts = Object.fromEntries(COUNTS.map((name) => [name, sum((leg) => leg[name])]));
  await writeReport('psp', {
    seed,
    ...counts,
    minutes: rounded(sum((leg) => leg.minutes)),
    legs,
  });
}
