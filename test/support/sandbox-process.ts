import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, REPOSITORY_ROOT } from '@stuiver/testing';

const START_MS_MAX = 120_000;

export interface SandboxProcess {
  readonly url: URL;
  readonly secretKey: string;
  stop(): Promise<void>;
}

/** `stuiver sandbox` on a free port, with nothing kept from before. */
export async function startSandboxProcess(): Promise<SandboxProcess> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(REPOSITORY_ROOT, 'apps/stuiver/bin/stuiver.js'), ...['sandbox', '--port', String(port)]],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  const key = (): string | undefined => /api key\s+(\S+)/.exec(said)?.[1];
  await eventually('it is ready', () => key() !== undefined && / data\s/.test(said), START_MS_MAX);
  return {
    url: new URL(`http://127.0.0.1:${String(port)}`),
    secretKey: key() ?? '',
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
