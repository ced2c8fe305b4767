#!/usr/bin/env node
// `npm run soak -- cluster [faults] [seed]`: the cluster's fault story at length, and its report in
// docs/soak. The seed is printed and makes the run again.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildChanged } from './build.mjs';
import { ROOT, run, say } from './run.mjs';

const FAULTS_DEFAULT = '200';
const MS_PER_FAULT_MAX = 120_000;

const [what, faults = FAULTS_DEFAULT, seed = String(Math.floor(performance.timeOrigin / 1000))] =
  process.argv.slice(2);
if (what !== 'cluster') {
  say('usage: npm run soak -- cluster [faults] [seed]');
  process.exit(2);
}
await buildChanged();
await mkdir(join(ROOT, 'docs', 'soak'), { recursive: true });
say(`soak: ${faults} faults, seed ${seed}`);
const { code, output, seconds } = await run(
  [
    ...['node', '--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'],
    ...['--testTimeout', String(Number(faults) * MS_PER_FAULT_MAX)],
    ...['test/cluster/faults'],
  ],
  {
    show: true,
    environment: {
      STUIVER_MODE: 'cluster',
      STUIVER_FAULTS: faults,
      STUIVER_SEED: seed,
      STUIVER_SOAK_REPORT: join(ROOT, 'docs', 'soak', 'cluster.json'),
    },
  },
);
say(output);
say(`soak: ended with ${code} after ${(seconds / 60).toFixed(0)} minutes`);
process.exitCode = code;
