import { readdirSync, readFileSync } from 'node:fs';
import { errorCode } from '@stuiver/errors';

/** Kills a PostgreSQL server as a power cut would: the postmaster and whatever it started. */
export function killServer(pidFile: string): void {
  const postmaster = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  // The list first: who has lost its parent is nobody's child. The postmaster first to die, so that it starts no more.
  const backends = childrenOf(postmaster);
  for (const pid of [postmaster, ...backends]) kill(pid);
}

/** One process of the server; the postmaster then restarts all others. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => parentOf(pid) === parent).map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    // `pid (name) state ppid …`; a name may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
