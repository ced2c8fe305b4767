import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, type RunningStuiver } from '@stuiver/testing';

export interface ClusterProcess {
  readonly name: string;
  readonly pid: number | null;
}

const BACK_MS_MAX = 90_000;

/** The processes of a running cluster, as it tells them itself. */
async function processesOf(stuiver: RunningStuiver): Promise<readonly ClusterProcess[]> {
  const text = await readFile(join(stuiver.dataDir, 'running.json'), 'utf8');
  return (JSON.parse(text) as { processes: ClusterProcess[] }).processes;
}

/** SIGKILL, and waits until the cluster has started it again. */
export async function killAndAwait(stuiver: RunningStuiver, name: string): Promise<void> {
  const before = await pidOf(stuiver, name);
  process.kill(before, 'SIGKILL');
  await eventually(
    `${name} is started again`,
    async () => ((await pidOf(stuiver, name)) === before ? undefined : true),
    BACK_MS_MAX,
  );
}

/** Stands still for a while, as on a machine that swaps or a network that swallows, and goes on. */
export async function pauseFor(stuiver: RunningStuiver, name: string, ms: number): Promise<void> {
  const pid = await pidOf(stuiver, name);
  process.kill(pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, ms));
  process.kill(pid, 'SIGCONT');
}

async function pidOf(stuiver: RunningStuiver, name: string): Promise<number> {
  const pid = (await processesOf(stuiver)).find((process) => process.name === name)?.pid;
  if (pid === undefined || pid === null) throw new Error(`the cluster runs no ${name}`);
  return pid;
}
