#!/usr/bin/env node
// `npm run soak -- <what> […]`: what takes too long for every day. Each kind is a file of its own in tools/soak and
// writes its report to docs/soak.
import { buildChanged } from './build.mjs';
import { say } from './run.mjs';
import * as cluster from './soak/cluster.mjs';
import * as ledger from './soak/ledger.mjs';
import * as mutants from './soak/mutants.mjs';
import * as psp from './soak/psp.mjs';
import * as quarter from './soak/quarter.mjs';

/** @type {Record<string, { USAGE: string; soak(args: readonly string[]): Promise<number> }>} */
const KINDS = { cluster, ledger, mutants, psp, quarter };

const [what = '', ...args] = process.argv.slice(2);
const kind = KINDS[what];
if (kind === undefined) {
  for (const { USAGE } of Object.values(KINDS)) say(`usage: npm run soak -- ${USAGE}`);
  process.exitCode = 2;
} else {
  await buildChanged();
  process.exitCode = await kind.soak(args);
}
