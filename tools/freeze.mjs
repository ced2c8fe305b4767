#!/usr/bin/env node
// `npm run freeze`, part of a release: from now on the migrations that are there may not change, because
// somebody's database has run them. Adds what is not listed yet; never touches a line that is.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ROOT, say } from './run.mjs';

const LIST = join(ROOT, 'tools', 'migrations.sha256');
const STEP = /\/(migrations|people)\/\d{4}-[^/]+\/\w+\.sql$/;

async function listSteps() {
  const found = [];
  for (const kind of ['apps', 'libs']) {
    const paths = await readdir(join(ROOT, kind), { recursive: true });
    found.push(...paths.map((path) => `${kind}/${path.split(sep).join('/')}`));
  }
  return found.filter((path) => STEP.test(path) && !path.includes('/node_modules/')).sort();
}

const before = await readFile(LIST, 'utf8').catch(() => '');
const listed = new Set(before.split('\n').map((line) => line.slice(66)));
const fresh = (await listSteps()).filter((path) => !listed.has(path));
const lines = await Promise.all(
  fresh.map(async (path) => {
    const sha256 = createHash('sha256')
      .update(await readFile(join(ROOT, path)))
      .digest('hex');
    return `${sha256}  ${path}\n`;
  }),
);
await writeFile(LIST, before + lines.join(''));
say(`freeze: ${String(fresh.length)} step(s) added to tools/migrations.sha256`);
