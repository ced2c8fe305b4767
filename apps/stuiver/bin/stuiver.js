#!/usr/bin/env node
// Brings changed sources up to date (a checkout only), then hands over to the built program.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const build = new URL('../../../tools/build.mjs', import.meta.url);
if (existsSync(fileURLToPath(build))) {
  const { buildChanged } = await import(build.href);
  await buildChanged();
}
const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
