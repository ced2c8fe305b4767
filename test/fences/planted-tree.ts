import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY_ROOT } from '@stuiver/testing';

export interface Breach {
  readonly from: string;
  readonly rule: { readonly name: string };
}

const PLANTED = join(REPOSITORY_ROOT, 'test/fences/planted');
const CRUISER = join(REPOSITORY_ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
export const RULES = join(REPOSITORY_ROOT, '.dependency-cruiser.cjs');
const NPM_PACKAGES = ['pg', 'stripe', 'zod'];
const REPORT_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Runs the real cruiser with the real rules over the planted tree, laid out as the repository is: packages of the
 * workspace are links in node_modules with a `source` condition and no build.
 */
export async function cruisePlanted(): Promise<readonly Breach[]> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'fences-')));
  try {
    await layOut(root);
    const args = [CRUISER, 'apps', 'libs', 'test', '--config', RULES, '--output-type', 'json'];
    // Violations make its exit code: the report is what counts.
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: root,
      maxBuffer: REPORT_BYTES_MAX,
    }).catch((failure: unknown) => failure as { stdout: string });
    return (JSON.parse(stdout) as { summary: { violations: Breach[] } }).summary.violations;
  } finally {
    await rm(root, { recursive: true });
  }
}

async function layOut(root: string): Promise<void> {
  await cp(PLANTED, root, { recursive: true });
  await cp(join(REPOSITORY_ROOT, 'tsconfig.json'), join(root, 'tsconfig.json'));
  for (const kind of ['apps', 'libs']) {
    for (const name of await readdir(join(root, kind))) {
      await writePackage(join(root, kind, name), `@stuiver/${name}`, {
        source: './src/index.ts',
        default: './dist/index.js',
      });
      await mkdir(join(root, 'node_modules/@stuiver'), { recursive: true });
      await symlink(join(root, kind, name), join(root, 'node_modules/@stuiver', name));
    }
  }
  for (const name of NPM_PACKAGES) {
    const folder = join(root, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    await writePackage(folder, name, './index.js');
    await writeFile(join(folder, 'index.js'), 'export {};\n');
  }
}

async function writePackage(folder: string, name: string, door: unknown): Promise<void> {
  const text = JSON.stringify({ name, type: 'module', exports: { '.': door } });
  await writeFile(join(folder, 'package.json'), text);
}
