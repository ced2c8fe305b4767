// Starts a program and hears it out; what the other tools build on.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));
const KILL_AFTER_MS = 5_000;

/**
 * @typedef {object} Outcome
 * @property {number} code       exit code; 1 when a signal ended it.
 * @property {string} output     what it wrote, without what was passed on.
 * @property {number} seconds
 * @property {boolean} late      it was ended because it took longer than it may.
 */

/**
 * @param {string[]} command      program and arguments; `node` is this very Node.
 * @param {{ show?: boolean; limitMs?: number; environment?: NodeJS.ProcessEnv }} [options]
 *   `show` passes its standard error on: there Jest says how it goes.
 * @returns {Promise<Outcome>}
 */
export function run([program = '', ...args], options = {}) {
  const { show = false, limitMs, environment = {} } = options;
  const begun = performance.now();
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', show ? 'inherit' : 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => (output += String(chunk)));
  }
  let late = false;
  const timers = limitMs === undefined ? [] : [setTimeout(endIt, limitMs)];
  function endIt() {
    late = true;
    child.kill('SIGTERM');
    timers.push(setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS));
  }
  return new Promise((resolve) => {
    /** @param {number | null} code */
    const finish = (code) => {
      timers.forEach(clearTimeout);
      const seconds = (performance.now() - begun) / 1000;
      resolve({ code: code ?? 1, output, seconds, late });
    };
    child.once('error', (problem) => {
      output += problem.message;
      finish(1);
    });
    child.once('close', finish);
  });
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}
