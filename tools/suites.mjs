// Which suites there are. A new folder under test/ is a new suite: no list to edit.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ROOT } from './run.mjs';

const TEST_FILE = /\.(spec\.tsx?|flow\.ts|sim\.ts)$/;
const NOT_OURS = /(^|\/)(node_modules|dist|planted)\//;
/** The quick first; folders that are not named here come after these, by name. */
const ORDER = ['unit', 'database', 'kafka', 'wire', 'flows', 'ledger', 'browser', 'chaos'];

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string[]} files      relative to the repository.
 * @property {string[]} needs      components (components.mjs) it cannot run without.
 * @property {string[]} variables  environment variables it cannot run without: an optional suite.
 * @property {boolean} processes   starts whole processes, so one test file runs at a time.
 * @property {string[]} onCluster   files that are run again on a cluster.
 * @property {NodeJS.ProcessEnv} environment
 */

const NOTHING_SAID = { needs: [], variables: [], onCluster: [], environment: {} };

/** @returns {Promise<Suite[]>} */
export async function listSuites() {
  /** @type {Map<string, string[]>} */
  const files = new Map();
  for (const file of await listTestFiles()) {
    const name = suiteOf(file);
    files.set(name, [...(files.get(name) ?? []), file]);
  }
  const names = [...files.keys()].sort((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b));
  const suites = await Promise.all(names.map((name) => describe(name, files.get(name) ?? [])));
  return [...suites, ...suites.flatMap(onCluster)];
}

/**
 * What a suite tells again, unchanged, where the services are processes of their own: `{ "onCluster": ["a.spec.ts"] }`.
 *
 * @param {Suite} suite
 * @returns {Suite[]}
 */
function onCluster(suite) {
  const files = suite.files.filter((file) => suite.onCluster.some((end) => file.endsWith(end)));
  if (files.length === 0) return [];
  const environment = { STUIVER_MODE: 'cluster' };
  const needs = [...suite.needs, 'kafka'];
  return [{ ...suite, name: `${suite.name}-cluster`, files, needs, environment }];
}

async function listTestFiles() {
  const found = [];
  for (const top of ['apps', 'libs', 'tools', 'test']) {
    const entries = await readdir(join(ROOT, top), { recursive: true });
    found.push(...entries.map((entry) => `${top}/${entry.split(sep).join('/')}`));
  }
  return found.filter((path) => TEST_FILE.test(path) && !NOT_OURS.test(path)).sort();
}

/** @param {string} file */
function suiteOf(file) {
  const [top, folder = ''] = file.split('/');
  if (top === 'test' && folder !== 'fences') return folder;
  if (file.includes('.kafka.spec.')) return 'kafka';
  return file.includes('.pg.spec.') ? 'database' : 'unit';
}

/** @param {string} name */
function placeOf(name) {
  const place = ORDER.indexOf(name);
  return place === -1 ? ORDER.length : place;
}

/**
 * A folder says in its suite.json what it needs, as in `{ "needs": ["chromium"] }`.
 *
 * @param {string} name
 * @param {string[]} files
 * @returns {Promise<Suite>}
 */
async function describe(name, files) {
  if (name === 'kafka') return kafkaSuite(files);
  const inside = name === 'unit' || name === 'database';
  const note = join(ROOT, 'test', name, 'suite.json');
  const said = !inside && existsSync(note) ? JSON.parse(await readFile(note, 'utf8')) : {};
  return { ...NOTHING_SAID, name, files, processes: !inside, ...said };
}

/**
 * Beside the sources and not in a folder of its own; its files share the machine with a broker.
 *
 * @param {string[]} files
 * @returns {Suite}
 */
function kafkaSuite(files) {
  return { ...NOTHING_SAID, name: 'kafka', files, needs: ['kafka'], processes: true };
}
