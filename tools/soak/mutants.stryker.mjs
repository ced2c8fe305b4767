// How Stryker runs the ledger's domain: the house's Jest in a copy of the tree, each mutant against the domain's own
// specs. One file a run, named by STUIVER_MUTATE, so that a run that was ended goes on with the next file.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import jest from '../../jest.config.js';
import { DOMAIN, FIRST_SPEC, MUTANTS_WORK } from './mutants.mjs';

const file = process.env['STUIVER_MUTATE'] ?? '';
const SETUP = fileURLToPath(new URL('./mutants-setup.mjs', import.meta.url));
const work = `${MUTANTS_WORK}/${basename(file, '.ts')}`;

export default {
  mutate: [file],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    projectType: 'custom',
    config: {
      ...jest,
      testMatch: [`**/${DOMAIN}/${FIRST_SPEC}`],
      setupFilesAfterEnv: [SETUP],
    },
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  // The copy holds what the specs read and nothing else; libs are read where they are.
  ignorePatterns: ['**', '!apps/ledger/src/**', '!apps/ledger/package.json', '!package.json'],
  tempDirName: `${work}/sandbox`,
  reporters: ['json'],
  jsonReporter: { fileName: `${work}/report.json` },
  concurrency: 1,
  timeoutMS: 20_000,
};
