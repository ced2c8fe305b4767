#!/usr/bin/env node
// `npm run check [-- name…]`: what can be said about the code without running the product. Two lanes,
// because lint takes as long as all the others together.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, run, say } from './run.mjs';

const BIN = 'node_modules';
const JEST = ['node', '--experimental-vm-modules', '--no-warnings', `${BIN}/jest/bin/jest.js`];

/** @typedef {{ name: string; ok: boolean; seconds: number; output: string }} Verdict */

/** @type {Record<string, () => Promise<string[][]>>} */
const CHECKS = {
  lint: async () => [
    ['node', `${BIN}/eslint/bin/eslint.js`, '.', '--cache', '--cache-location', '.cache/eslint/'],
  ],
  types: async () => (await listTypeProjects()).map(compile),
  fences: async () => [
    [
      ...['node', `${BIN}/dependency-cruiser/bin/dependency-cruise.mjs`, 'apps', 'libs', 'test'],
      ...['--config', '.dependency-cruiser.cjs'],
    ],
  ],
  knip: async () => [['node', `${BIN}/knip/bin/knip.js`, '--no-progress']],
  format: async () => [
    [
      ...['node', `${BIN}/prettier/bin/prettier.cjs`, '--check', '--log-level', 'warn', '.'],
      ...['--cache', '--cache-location', '.cache/prettier'],
    ],
  ],
  tidy: async () => [[...JEST, 'tools/tidy.spec.ts', 'test/fences']],
};

/** A folder with its own tsconfig.json is a project of its own; the root's covers the rest. */
async function listTypeProjects() {
  const found = ['.', 'tools'];
  for (const kind of ['apps', 'libs']) {
    for (const name of await readdir(join(ROOT, kind))) {
      if (existsSync(join(ROOT, kind, name, 'tsconfig.json'))) found.push(`${kind}/${name}`);
    }
  }
  return found;
}

/** @param {string} project */
function compile(project) {
  const memory = `.cache/types/${project === '.' ? 'root' : project.replaceAll('/', '-')}.json`;
  return [
    ...['node', `${BIN}/typescript/bin/tsc`, '-p', project, '--noEmit', '--pretty', 'false'],
    ...['--incremental', '--tsBuildInfoFile', memory],
  ];
}

/**
 * @param {string} name
 * @returns {Promise<Verdict>}
 */
async function judge(name) {
  const commands = (await CHECKS[name]?.()) ?? [];
  const verdict = { name, ok: true, seconds: 0, output: '' };
  for (const command of commands) {
    const { code, output, seconds } = await run(command);
    verdict.ok &&= code === 0;
    verdict.seconds += seconds;
    if (code !== 0) verdict.output += output;
  }
  return verdict;
}

/**
 * Runs the named checks, says each as it ends, and shows what a failed one has to say.
 *
 * @param {string[]} names
 * @returns {Promise<Verdict[]>}
 */
export async function runChecks(names) {
  const rest = names.filter((name) => name !== 'lint');
  const lanes = names.includes('lint') ? [['lint'], rest] : [rest];
  const running = availableParallelism() > 1 ? lanes : [lanes.flat()];
  const verdicts = await Promise.all(
    running.map(async (lane) => {
      const done = [];
      for (const name of lane) {
        const verdict = await judge(name);
        if (!verdict.ok) say(verdict.output.trimEnd());
        say(`${verdict.ok ? 'ok  ' : 'FAIL'} ${name.padEnd(7)} ${verdict.seconds.toFixed(1)} s`);
        done.push(verdict);
      }
      return done;
    }),
  );
  return verdicts.flat();
}

/** All but tidy: as a Jest test it also runs with the unit tests. */
export const HOUSE_CHECKS = Object.keys(CHECKS).filter((name) => name !== 'tidy');

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in CHECKS));
  if (unknown.length > 0) {
    say(`no such check: ${unknown.join(', ')} (there are ${Object.keys(CHECKS).join(', ')})`);
    process.exitCode = 2;
  } else {
    const verdicts = await runChecks(wanted.length > 0 ? wanted : Object.keys(CHECKS));
    if (verdicts.some(({ ok }) => !ok)) process.exitCode = 1;
  }
}
