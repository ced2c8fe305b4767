// The ledger's rules, each changed a little in every place: a spec must notice. Stryker makes the mutants, file by file;
// the report, docs/soak/mutants.json, says of each file what came of its last run.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run, say } from '../run.mjs';
import { rounded, writeReport } from './legs.mjs';

export const USAGE = 'mutants [file of the domain …]';
/** Where Stryker works and remembers; relative to the repository. */
export const MUTANTS_WORK = '.cache/soak/mutants';
const CONFIG = 'tools/soak/mutants.stryker.mjs';
export const DOMAIN = 'apps/ledger/src/domain';
/** The one that Jest is asked for; it loads the others. */
export const FIRST_SPEC = 'decide.spec.ts';
const SCORE_MIN = 90;
const LIMIT_MS = 3_600_000;

/** What decides and what posts; the rest of the domain are types, seals and the auditor's own reading. */
// prettier-ignore
const FILES = [
  'decide', 'run-steps', 'post-legs', 'hold', 'batch-in-hand', 'books', 'posting-rules', 'steps', 'reverse', 'set-account',
  'standing-holds', 'period', 'chart-of-accounts', 'velocity', 'limits-book',
];

/**
 * @typedef {{ status: string; mutatorName: string; replacement?: string; location: { start: { line: number; column: number } } }} Mutant
 * @typedef {{ files: Record<string, { mutants: Mutant[] }> }} StrykerReport
 * @typedef {{ file: string; score: number; killed: number; timeout: number; survived: number; noCoverage: number; survivors: string[] }} Tried
 */

/**
 * @param {readonly string[]} args  names without `.ts`; all when there is none.
 * @returns {Promise<number>} the exit code
 */
export async function soak(args) {
  if (args.some((name) => !FILES.includes(name))) {
    say(`soak: the files are ${FILES.join(', ')}`);
    return 2;
  }
  let code = await report();
  for (const name of args.length > 0 ? args : FILES) {
    if (!(await mutate(name))) return 1;
    // Whoever ends it has the report of what was tried.
    code = await report();
  }
  return code;
}

/**
 * @param {string} name
 * @returns {Promise<boolean>} whether Stryker went through.
 */
async function mutate(name) {
  await mkdir(join(ROOT, MUTANTS_WORK, name), { recursive: true });
  const { code, output, seconds } = await run(
    ['node', 'node_modules/@stryker-mutator/core/bin/stryker.js', 'run', CONFIG],
    { environment: { STUIVER_MUTATE: `${DOMAIN}/${name}.ts` }, limitMs: LIMIT_MS },
  );
  if (code !== 0) {
    say(output);
    say(`soak: ${name} was not mutated`);
    return false;
  }
  const tried = await triedOf(name);
  say(`soak: ${name}: ${String(tried?.score)} % killed, ${String(rounded(seconds / 60))} min`);
  for (const survivor of tried?.survivors ?? []) say(`  ${survivor}`);
  return true;
}

/**
 * @param {string} name
 * @returns {Promise<Tried | undefined>} nothing when it was never mutated here.
 */
async function triedOf(name) {
  const path = join(ROOT, MUTANTS_WORK, name, 'report.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  /** @type {StrykerReport} */
  const { files } = JSON.parse(text);
  const file = `${DOMAIN}/${name}.ts`;
  const mutants = files[file]?.mutants ?? [];
  /** @param {string} status */
  const count = (status) => mutants.filter((mutant) => mutant.status === status).length;
  const counts = {
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
  };
  const survivors = mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ mutatorName, replacement = '', location: { start } }) => {
      const place = `${file}:${String(start.line)}:${String(start.column)}`;
      return `${place} ${mutatorName} ${replacement.replace(/\s+/g, ' ').slice(0, 80)}`.trim();
    });
  return { file, score: scoreOf(counts), ...counts, survivors };
}

/**
 * Nothing tried is nothing shown: 0.
 * @param {{ killed: number; timeout: number; survived: number; noCoverage: number }} counts
 */
function scoreOf({ killed, timeout, survived, noCoverage }) {
  const noticed = killed + timeout;
  const all = noticed + survived + noCoverage;
  return all === 0 ? 0 : rounded((noticed / all) * 100);
}

/** @returns {Promise<number>} the exit code: 1 when too many live on, in all or in one of the files tried. */
async function report() {
  const tried = await Promise.all(FILES.map(triedOf));
  const files = tried.filter((one) => one !== undefined);
  /** @param {(one: Tried) => number} of */
  const sum = (of) => files.reduce((total, one) => total + of(one), 0);
  const counts = {
    killed: sum((one) => one.killed),
    timeout: sum((one) => one.timeout),
    survived: sum((one) => one.survived),
    noCoverage: sum((one) => one.noCoverage),
  };
  const score = scoreOf(counts);
  const notTried = FILES.filter((_, place) => tried[place] === undefined);
  await writeReport('mutants', { score, scoreMin: SCORE_MIN, ...counts, notTried, files });
  say(`soak: ${String(score)} % killed; not tried: ${notTried.join(', ') || 'none'}`);
  return [score, ...files.map((one) => one.score)].every((one) => one >= SCORE_MIN) ? 0 : 1;
}
