#!/usr/bin/env node
// Builds what changed: every workspace's sources file by file with esbuild (parameter decorators
// stay), and bundles for what browsers load. Called by `npm install`, by `npm run build` and, in a
// checkout, by `stuiver start`: a run that finds nothing to do must cost a few tens of ms.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const ROOT = resolve(dirname(SELF), '..');
/** Also bundled for browsers, each into one file that a page loads by itself. */
const BROWSER_LIBS = ['host', 'mini'];
/** Vite's alone. */
const WEB = join(ROOT, 'apps', 'web');
const TEST_FILE = /\.(spec|flow|sim)\.tsx?$/;
const FILES_AT_ONCE_MAX = 64;
const SELF_CHANGED_MS = changedMs(SELF);

/**
 * Brings every `dist` up to date; safe beside another run of itself.
 *
 * @returns {Promise<number>} how many outputs were written.
 */
export async function buildChanged() {
  const stale = (await Promise.all((await listWorkspaces()).map(staleFiles))).flat();
  await transpile(stale);
  const bundles = await Promise.all(BROWSER_LIBS.map(bundleWhenChanged));
  const web = await buildWebWhenChanged();
  return stale.length + [...bundles, web].filter(Boolean).length;
}

async function listWorkspaces() {
  const kinds = await Promise.all(
    ['libs', 'apps'].map(async (kind) => {
      const names = await readdir(join(ROOT, kind));
      return names.map((name) => join(ROOT, kind, name));
    }),
  );
  return kinds.flat().filter((folder) => folder !== WEB && existsSync(join(folder, 'src')));
}

/**
 * Sources newer than their output. Output whose source is gone is removed, so that a renamed file
 * cannot live on unseen.
 *
 * @param {string} workspace
 */
async function staleFiles(workspace) {
  const sources = (await filesUnder(join(workspace, 'src'))).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !TEST_FILE.test(path),
  );
  const files = sources.map((source) => ({ source, output: outputOf(workspace, source) }));
  const wanted = new Set([...files.map(({ output }) => output), bundleOf(workspace)]);
  const orphans = (await filesUnder(join(workspace, 'dist'))).filter(
    (path) => path.endsWith('.js') && !wanted.has(path),
  );
  await Promise.all(orphans.map((path) => rm(path, { force: true })));
  const stale = await Promise.all(files.map(({ source, output }) => isOlder(output, [source])));
  return files.filter((_file, index) => stale[index]);
}

/**
 * @param {string} workspace
 * @param {string} source
 */
function outputOf(workspace, source) {
  const inside = relative(join(workspace, 'src'), source);
  return join(workspace, 'dist', inside.replace(/\.ts$/, '.js'));
}

/** @param {string} workspace */
function bundleOf(workspace) {
  const name = relative(join(ROOT, 'libs'), workspace);
  return BROWSER_LIBS.includes(name) ? join(workspace, 'dist', `${name}.js`) : '';
}

/** @param {{ source: string; output: string }[]} files */
async function transpile(files) {
  if (files.length === 0) return;
  const { transform } = await import('esbuild');
  const tsconfigRaw = {
    compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false },
  };
  for (let from = 0; from < files.length; from += FILES_AT_ONCE_MAX) {
    await Promise.all(
      files.slice(from, from + FILES_AT_ONCE_MAX).map(async ({ source, output }) => {
        const { code } = await transform(await readFile(source, 'utf8'), {
          loader: 'ts',
          format: 'esm',
          target: 'node20',
          sourcemap: 'inline',
          sourcesContent: false,
          sourcefile: relative(dirname(output), source),
          tsconfigRaw,
        });
        await writeWhole(output, code);
      }),
    );
  }
}

/**
 * A process that starts meanwhile reads the old file or the new one, never half of one.
 *
 * @param {string} path
 * @param {string} text
 */
async function writeWhole(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${String(process.pid)}.draft`;
  await writeFile(draft, text);
  await rename(draft, path);
}

/**
 * `dist/<name>.js`: one minified module, with its imports inside.
 *
 * @param {string} name
 */
async function bundleWhenChanged(name) {
  const folder = join(ROOT, 'libs', name);
  const entry = join(folder, 'src', 'index.ts');
  if (!existsSync(entry)) return false;
  const outfile = bundleOf(folder);
  const inputs = await filesUnder(join(folder, 'src'));
  if (!(await isOlder(outfile, [...inputs, join(folder, 'package.json')]))) return false;
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: 'linked',
    conditions: ['source'],
    logLevel: 'warning',
    write: false,
  });
  await Promise.all(outputFiles.map((file) => writeWhole(file.path, file.text)));
  return true;
}

async function buildWebWhenChanged() {
  const page = join(WEB, 'index.html');
  if (!existsSync(page)) return false;
  const configFile = join(WEB, 'vite.config.ts');
  const folders = [
    'src',
    'public',
    '../../libs/host/src',
    '../../libs/mini/src',
    '../../libs/proof/src',
  ];
  const inputs = (await Promise.all(folders.map((folder) => filesUnder(join(WEB, folder))))).flat();
  const others = [page, configFile, join(WEB, 'package.json')].filter((path) => existsSync(path));
  if (!(await isOlder(join(WEB, 'dist', 'index.html'), [...inputs, ...others]))) return false;
  const { build } = await import('vite');
  await build({
    root: WEB,
    configFile: existsSync(configFile) ? configFile : false,
    logLevel: 'warn',
  });
  return true;
}

/**
 * True when the output is missing, or when an input or this program changed after it was written.
 *
 * @param {string} output
 * @param {string[]} inputs
 */
async function isOlder(output, inputs) {
  const builtMs = await changedMs(output);
  if (builtMs === undefined) return true;
  const changes = await Promise.all([SELF_CHANGED_MS, ...inputs.map(changedMs)]);
  return changes.some((inputMs) => inputMs !== undefined && inputMs > builtMs);
}

/** @param {string} path */
async function changedMs(path) {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
}

/** @param {string} folder */
async function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !TEST_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === SELF) {
  const written = await buildChanged();
  process.stdout.write(`build: ${String(written)} file(s) brought up to date\n`);
}
