import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, REPOSITORY_ROOT } from '@stuiver/testing';

const FOLDER = join(REPOSITORY_ROOT, '.cache', 'stripe');
const READY_MS_MAX = 30_000;

/** The description of Stripe's API that the mock goes by. */
export async function stripeOpenApi(): Promise<Record<string, unknown>> {
  const text = await readFile(join(FOLDER, 'spec3.json'), 'utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

export interface Exchange {
  /** Such as `POST /v1/refunds`. */
  readonly call: string;
  readonly status: number;
  readonly body: string;
}

/**
 * Stripe's own mock: it checks each request against the description of its API, and answers what the description gives
 * as an example. In front of it stands a door that writes down what was asked and whether it was accepted.
 */
export class StripeMock {
  readonly exchanges: Exchange[] = [];

  private constructor(
    private readonly process: ChildProcess,
    private readonly door: Server,
  ) {}

  static async start(): Promise<StripeMock> {
    const port = await freePort();
    const child = spawn(join(FOLDER, 'stripe-mock'), ['-http-port', String(port)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually('stripe-mock listens', () => said.includes('Listening'), READY_MS_MAX);
    const door = createServer();
    const mock = new StripeMock(child, door);
    door.on('request', (incoming, answer) => {
      const chunks: Buffer[] = [];
      const { method = 'GET', url = '/', headers } = incoming;
      const onward = request({ port, method, path: url, headers }, (back) => {
        back.on('data', (chunk: Buffer) => chunks.push(chunk));
        back.on('end', () => {
          const body = Buffer.concat(chunks);
          const [path = ''] = url.split('?');
          const status = back.statusCode ?? 0;
          mock.exchanges.push({ call: `${method} ${path}`, status, body: body.toString() });
          answer.writeHead(status, { 'content-type': 'application/json' }).end(body);
        });
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    return mock;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${String((this.door.address() as AddressInfo).port)}`);
  }

  async stop(): Promise<void> {
    this.door.closeAllConnections();
    await new Promise((resolve) => this.door.close(resolve));
    this.process.kill('SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
