// A long run in legs. What is done is remembered: the same command with the same seed goes on where it was ended.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run, say } from '../run.mjs';

/** @typedef {{ minutes: number }} Timed */

/**
 * @param {readonly string[]} args  how many and which seed, as they were given.
 * @param {number} countDefault
 * @returns {{ count: number; seed: number } | undefined} nothing when they are no numbers.
 */
export function countAndSeed(args, countDefault) {
  const [
    given = String(countDefault),
    seedGiven = String(Math.floor(performance.timeOrigin / 1e3)),
  ] = args;
  const [count, seed] = [Number(given), Number(seedGiven)];
  return Number.isInteger(count) && Number.isInteger(seed) && count > 0
    ? { count, seed }
    : undefined;
}

/**
 * Runs a suite as one leg, unless an earlier run of this seed did.
 *
 * @param {{ name: string; place: number; tests: readonly string[]; environment: NodeJS.ProcessEnv; limitMs: number }} leg
 *   `name` of the whole run; `tests` is what Jest is to run; `limitMs` for each test.
 * @returns {Promise<(Timed & Record<string, any>) | undefined>} what the suite told; nothing when a promise was broken.
 */
export async function runLeg({ name, place, tests, environment, limitMs }) {
  const work = join(ROOT, '.cache', 'soak', name);
  await mkdir(work, { recursive: true });
  const file = join(work, `leg-${String(place)}.json`);
  const done = await readFile(file, 'utf8').catch(() => undefined);
  if (done !== undefined) return JSON.parse(done);
  const told = join(work, `told-${String(place)}.json`);
  const { code, output, seconds } = await run(
    [
      ...['node', '--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
      ...['--testTimeout', String(limitMs), ...tests],
    ],
    { show: true, environment: { ...environment, STUIVER_SOAK_REPORT: told } },
  );
  if (code !== 0) {
    say(output);
    say(`soak: leg ${String(place + 1)} failed with seed ${environment['STUIVER_SEED'] ?? ''}`);
    return undefined;
  }
  const leg = { ...JSON.parse(await readFile(told, 'utf8')), minutes: rounded(seconds / 60) };
  await writeFile(file, JSON.stringify(leg));
  return leg;
}

/**
 * @param {string} name  of the file in docs/soak.
 * @param {object} report
 */
export async function writeReport(name, report) {
  const folder = join(ROOT, 'docs', 'soak');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

/** @param {number} value */
export function rounded(value) {
  return Number(value.toFixed(1));
}
