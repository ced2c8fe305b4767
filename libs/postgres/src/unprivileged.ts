import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PostgreSQL refuses to run as root. How a command is wrapped so that it does not: the words before it. */
export type Wrapper = readonly string[];

const UNSHARE: Wrapper = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

/**
 * Nothing for an ordinary user. For root, a user namespace in which we are user 1000: files stay root's, and folders
 * that only root may enter still open.
 *
 * @throws Error with what to do when root has no user namespaces here.
 */
export async function unprivilegedWrapper(): Promise<Wrapper> {
  if (process.getuid?.() !== 0) return [];
  const [command, ...flags] = UNSHARE as [string, ...string[]];
  try {
    await run(command, [...flags, 'true']);
    return UNSHARE;
  } catch (error) {
    throw new Error(
      'PostgreSQL does not run as root and this system allows root no user namespace: start as an ordinary user, or set DATABASE_URL',
      { cause: error },
    );
  }
}
