#!/usr/bin/env node
// `npm test [-- suite…]`: every suite in order of speed, then one line that counts them all. A suite
// whose component is not here is skipped with the reason; with CI=true that is a failure.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildChanged } from './build.mjs';
import { HOUSE_CHECKS, runChecks } from './check.mjs';
import { COMPONENTS, findChromium } from './components.mjs';
import { provision } from './provision.mjs';
import { run, say } from './run.mjs';
import { listSuites } from './suites.mjs';

const CI = process.env['CI'] === 'true';
const JEST = [
  'node',
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
];
const SUITE_MS_MAX = 15 * 60_000;
const PROCESS_TEST_MS_MAX = 60_000;
/** A broker and ten processes are to be there first. */
const CLUSTER_TEST_MS_MAX = 240_000;

/** @typedef {{ name: string; passed: number; failed: number; skipped: number; note: string }} Count */

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {string} scratch
 * @returns {Promise<Count>}
 */
async function runSuite(suite, scratch) {
  const why = whyNot(suite);
  if (why !== undefined) {
    const failed = CI && suite.variables.length === 0 ? 1 : 0;
    return {
      name: suite.name,
      passed: 0,
      failed,
      skipped: 1 - failed,
      note: `${failed > 0 ? 'missing' : 'skipped'}: ${why}`,
    };
  }
  const report = join(scratch, `${suite.name}.json`);
  const workers = suite.processes ? 1 : availableParallelism();
  const { code, late, seconds } = await run(
    [
      ...JEST,
      ...['--json', '--outputFile', report, '--maxWorkers', String(workers)],
      ...(suite.processes
        ? ['--testTimeout', String(isCluster(suite) ? CLUSTER_TEST_MS_MAX : PROCESS_TEST_MS_MAX)]
        : []),
      ...['--testMatch', ...suite.files.map((file) => `**/${file}`)],
    ],
    {
      show: true,
      limitMs: SUITE_MS_MAX,
      environment: { ...suite.environment, ...browserOf(suite) },
    },
  );
  const note = late ? `ended after ${SUITE_MS_MAX / 60_000} minutes` : `${seconds.toFixed(1)} s`;
  const counted = await countOf(report);
  // A run that broke before or after its tests must not look green.
  const failed = code === 0 ? counted.failed : Math.max(1, counted.failed);
  return { name: suite.name, ...counted, failed, note };
}

/** @param {import('./suites.mjs').Suite} suite */
function isCluster({ environment, name }) {
  return environment['STUIVER_MODE'] === 'cluster' || name === 'cluster';
}

/** @param {import('./suites.mjs').Suite} suite */
function whyNot(suite) {
  const variable = suite.variables.find((name) => (process.env[name] ?? '') === '');
  if (variable !== undefined) return `optional: needs ${variable}`;
  const component = suite.needs.find((name) => COMPONENTS[name]?.isHere() !== true);
  if (component === undefined) return undefined;
  return COMPONENTS[component]?.fix ?? `unknown component "${component}" in its suite.json`;
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @returns {NodeJS.ProcessEnv}
 */
function browserOf(suite) {
  return suite.needs.includes('chromium') ? { STUIVER_CHROMIUM: findChromium() } : {};
}

/** @param {string} report */
async function countOf(report) {
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const told = JSON.parse(text);
  return {
    passed: told.numPassedTests,
    failed: told.numFailedTests + told.numRuntimeErrorTestSuites,
    skipped: told.numPendingTests + told.numTodoTests,
  };
}

/** @returns {Promise<Count>} */
async function runHouse() {
  const begun = performance.now();
  const verdicts = await runChecks(HOUSE_CHECKS);
  const passed = verdicts.filter(({ ok }) => ok).length;
  const note = `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  return { name: 'house', passed, failed: verdicts.length - passed, skipped: 0, note };
}

/** The test server outlives the test processes, so that all of them share it; not this one. */
async function stopTestServer() {
  const { stopTestServer: stop } = await import('@stuiver/testing');
  await stop();
}

/** @param {Count[]} counts */
function sayCounts(counts) {
  say('');
  for (const { name, passed, failed, skipped, note } of counts) {
    const numbers = `${passed} passed, ${failed} failed, ${skipped} skipped`;
    say(`${failed > 0 ? 'FAIL' : 'ok  '} ${name.padEnd(10)} ${numbers.padEnd(34)} ${note}`);
  }
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ what) =>
    counts.reduce((total, count) => total + count[what], 0);
  say('');
  say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed');
}

const wanted = process.argv.slice(2);
const isWanted = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
const scratch = await mkdtemp(join(tmpdir(), 'stuiver-test-'));
if (CI) await provision();
await buildChanged();
/** @type {Count[]} */
const counts = [];
if (isWanted('house')) counts.push(await runHouse());
const suites = (await listSuites()).filter(({ name }) => isWanted(name));
for (const suite of suites) {
  say(`\n${suite.name}`);
  const count = await runSuite(suite, scratch);
  if (whyNot(suite) !== undefined) say(count.note);
  counts.push(count);
}
if (suites.some(({ name }) => name === 'database')) await stopTestServer();
await rm(scratch, { recursive: true, force: true });
if (counts.length === 0) {
  say(`no such suite: ${wanted.join(', ')}`);
  process.exitCode = 2;
} else if (sayCounts(counts) > 0) {
  process.exitCode = 1;
}
