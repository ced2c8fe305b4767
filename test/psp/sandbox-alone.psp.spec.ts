import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { eventually, REPOSITORY_ROOT } from '@stuiver/testing';

const START_MS_MAX = 60_000;

interface Message {
  readonly body: string;
  readonly signature: string;
}

describe('the PSP sandbox by itself', () => {
  let dir: string;
  let shop: Server;
  let messages: Message[];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sandbox-alone-'));
    messages = [];
    shop = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const signature = String(request.headers['stripe-signature']);
        messages.push({ body: Buffer.concat(parts).toString(), signature });
        response.end('{}');
      });
    });
    shop.listen(0, '127.0.0.1');
    await once(shop, 'listening');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child, 'SIGTERM');
    shop.closeAllConnections();
    shop.close();
    await rm(dir, { recursive: true, force: true });
  });

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async function start(port: number) {
    const hook = `http://127.0.0.1:${String((shop.address() as AddressInfo).port)}/hook`;
    const child = spawn(
      process.execPath,
      [
        join(REPOSITORY_ROOT, 'apps/stuiver/bin/stuiver.js'),
        ...['sandbox', '--port', String(port), '--webhook', hook, '--data', dir],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(child);
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    await eventually('it is ready', () => said.includes('  data '), START_MS_MAX);
    const told = (what: string): string => new RegExp(`${what}\\s+(\\S+)`).exec(said)?.[1] ?? '';
    const stripe = new Stripe(told('api key'), {
      ...{ host: '127.0.0.1', port, protocol: 'http' as const, maxNetworkRetries: 0 },
    });
    return { child, stripe, webhookSecret: told('webhook secret') };
  }

  async function freePort(): Promise<number> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  it('serves Stripe’s own client, signs its events, and forgets nothing when it is killed', async () => {
    const port = await freePort();
    const first = await start(port);
    const opened = await first.stripe.paymentIntents.create({
      ...{ amount: 1_250, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' },
      ...{ allowed_payment_method_types: ['card'], return_url: 'https://shop.test/back' },
    });
    expect(opened.status).toBe('succeeded');
    const message = await eventually('the event arrives', () =>
      messages.find(({ body }) => body.includes('payment_intent.succeeded')),
    );
    const { body, signature } = message;
    const event = first.stripe.webhooks.constructEvent(body, signature, first.webhookSecret);
    expect(event).toMatchObject({ data: { object: { id: opened.id, amount: 1_250 } } });

    await end(first.child, 'SIGKILL');
    const second = await start(port);
    expect(second.webhookSecret).toBe(first.webhookSecret);
    const found = await second.stripe.paymentIntents.retrieve(opened.id);
    expect(found).toMatchObject({ id: opened.id, status: 'succeeded' });
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  }, 180_000);
});
