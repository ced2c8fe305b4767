import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

/**
 * The file's bytes, made first when there are none. Whole or not at all, also when the power fails; of several
 * processes one makes it and all read the same.
 *
 * @throws Error when others than the owner may touch the file: a secret that was readable is no secret.
 */
export async function readOrWriteOnce(path: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const found = await readSecret(path);
  if (found !== null) return found;
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  await writeOnce(path, await make());
  const written = await readSecret(path);
  if (written === null) throw new Error(`${path} vanished while it was being made`);
  return written;
}

/** A hard link fails when the name is taken, so a second process cannot replace what a first already reads. */
async function writeOnce(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', OWNER_ONLY_FILE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dirname(path));
}

async function readSecret(path: string): Promise<Buffer | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0) throw new Error(`${path} may be read by others: chmod 600 ${path}`);
    return await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
