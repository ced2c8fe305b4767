#!/usr/bin/env node
// `npm run soak -- cluster [faults] [seed]`: the cluster's fault story at length, in legs of which each is a whole
// story on a new cluster. What is done is remembered: the same command with the same seed goes on where it was ended.
// The report is docs/soak/cluster.json; the seed is printed and makes the run again.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildChanged } from './build.mjs';
import { ROOT, run, say } from './run.mjs';

const FAULTS_DEFAULT = '200';
const FAULTS_PER_LEG = 50;
const MS_PER_FAULT_MAX = 120_000;

/** @typedef {{ seed: number; faults: unknown[]; orders: number; paid: number; refunds: number; minutes: number }} Leg */

const [
  what,
  given = FAULTS_DEFAULT,
  seedGiven = String(Math.floor(performance.timeOrigin / 1000)),
] = process.argv.slice(2);
const faults = Number(given);
const seed = Number(seedGiven);
if (what !== 'cluster' || !Number.isInteger(faults) || !Number.isInteger(seed) || faults < 1) {
  say('usage: npm run soak -- cluster [faults] [seed]');
  process.exit(2);
}
await buildChanged();
const work = join(ROOT, '.cache', 'soak', `cluster-${String(seed)}`);
await mkdir(work, { recursive: true });
say(`soak: ${String(faults)} faults, seed ${String(seed)}`);
process.exitCode = await runLegs();

/** @returns {Promise<number>} the exit code */
async function runLegs() {
  /** @type {Leg[]} */
  const legs = [];
  for (let done = 0; done < faults; done += FAULTS_PER_LEG) {
    const count = Math.min(FAULTS_PER_LEG, faults - done);
    const leg = (await legDone(legs.length)) ?? (await runLeg(legs.length, count));
    if (leg === undefined) return 1;
    legs.push(leg);
    say(`soak: ${String(done + count)} of ${String(faults)} faults`);
  }
  await writeReport(legs);
  return 0;
}

/** @param {number} place */
function fileOf(place) {
  return join(work, `leg-${String(place)}.json`);
}

/**
 * @param {number} place
 * @returns {Promise<Leg | undefined>} what an earlier run of this seed has done already
 */
async function legDone(place) {
  try {
    return JSON.parse(await readFile(fileOf(place), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {number} place
 * @param {number} count  faults
 * @returns {Promise<Leg | undefined>} nothing when a promise was broken
 */
async function runLeg(place, count) {
  const told = join(work, `told-${String(place)}.json`);
  const { code, output, seconds } = await run(
    [
      ...['node', '--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
      ...['--testTimeout', String(count * MS_PER_FAULT_MAX), 'test/cluster/faults'],
    ],
    {
      show: true,
      environment: {
        STUIVER_MODE: 'cluster',
        STUIVER_FAULTS: String(count),
        STUIVER_SEED: String(seed + place),
        STUIVER_SOAK_REPORT: told,
      },
    },
  );
  if (code !== 0) {
    say(output);
    say(`soak: leg ${String(place + 1)} failed with seed ${String(seed + place)}`);
    return undefined;
  }
  const minutes = Number((seconds / 60).toFixed(1));
  /** @type {Leg} */
  const leg = { ...JSON.parse(await readFile(told, 'utf8')), minutes };
  await writeFile(fileOf(place), JSON.stringify(leg));
  return leg;
}

/** @param {Leg[]} legs */
async function writeReport(legs) {
  /** @param {(leg: Leg) => number} of */
  const sum = (of) => legs.reduce((total, leg) => total + of(leg), 0);
  const report = {
    seed,
    faults: sum((leg) => leg.faults.length),
    orders: sum((leg) => leg.orders),
    paid: sum((leg) => leg.paid),
    refunds: sum((leg) => leg.refunds),
    minutes: Number(sum((leg) => leg.minutes).toFixed(1)),
    promisesBroken: 0,
    legs,
  };
  const folder = join(ROOT, 'docs', 'soak');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'cluster.json'), `${JSON.stringify(report, null, 2)}\n`);
}
