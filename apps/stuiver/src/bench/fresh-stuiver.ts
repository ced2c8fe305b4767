import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../run/children.js';

const BIN = fileURLToPath(new URL('../../bin/stuiver.js', import.meta.url));

/** A whole Stuiver in a process and a folder of its own; gone when `work` is done. */
export async function withFreshStuiver<T>(
  work: (running: { apiUrl: string; dataDir: string; pid: number }) => Promise<T>,
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stuiver-bench-'));
  const [port, sandbox, demo] = [await freePort(), await freePort(), await freePort()];
  const child = spawn(process.execPath, [BIN, 'start'], {
    env: {
      ...process.env,
      STUIVER_DATA_DIR: dataDir,
      PORT: String(port),
      SANDBOX_PORT: String(sandbox),
      DEMO_PORT: String(demo),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => {
        resolve();
      });
      child.once('exit', () => {
        reject(new Error('Stuiver ended before it was ready'));
      });
    });
    return await work({ apiUrl: `http://127.0.0.1:${String(port)}`, dataDir, pid: child.pid ?? 0 });
  } finally {
    child.kill('SIGTERM');
    await gone;
    await rm(dataDir, { recursive: true, force: true });
  }
}
