import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '@stuiver/ports';
import { PspUnknownOutcome } from '@stuiver/psp';
import { eventually } from '@stuiver/testing';
import { StripeGate } from './stripe-gate.js';
import { StripePayIn } from './stripe-pay-in.js';

const ENOUGH_SILENCE = 5;
const PROBE_MS = 50;
const INTENT = {
  ...{
    id: 'pi_1',
    object: 'payment_intent',
    status: 'succeeded',
    amount: 100,
    amount_received: 100,
  },
  ...{ currency: 'eur', payment_method_types: ['ideal'], metadata: {}, last_payment_error: null },
};

describe('the gate before Stripe', () => {
  let server: Server;
  let arrivals: number[];
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    arrivals = [];
    server = createServer((_request, response) => {
      arrivals.push(performance.now());
      answer(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const says =
    (status: number, body: unknown) =>
    (response: ServerResponse): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
  const isWell = says(200, INTENT);
  const isIll = says(500, { error: { type: 'api_error', message: 'no' } });

  function stripe({ callsPerSecond = 1_000, probeMs = PROBE_MS } = {}): StripePayIn {
    const { port } = server.address() as AddressInfo;
    return new StripePayIn({
      ...{ secretKey: 'sk_test_1', webhookSecret: 'whsec_1', clock: new SystemClock() },
      ...{ apiBase: new URL(`http://127.0.0.1:${String(port)}`), timeoutMs: 2_000 },
      gate: new StripeGate({ callsPerSecond, probeMs }),
    });
  }
  const ask = (psp: StripePayIn): Promise<unknown> => psp.findPayment({ pspReference: 'pi_1' });

  async function untilClosed(psp: StripePayIn): Promise<void> {
    for (let calls = 0; psp.isReachable && calls < ENOUGH_SILENCE; calls += 1) {
      await expect(ask(psp)).rejects.toBeInstanceOf(PspUnknownOutcome);
    }
  }

  it('closes when too many in a row get no answer, and then asks nobody', async () => {
    answer = isIll;
    const psp = stripe({ probeMs: 3_600_000 });
    await untilClosed(psp);
    expect(psp.isReachable).toBe(false);
    const asked = arrivals.length;
    await expect(ask(psp)).rejects.toBeInstanceOf(PspUnknownOutcome);
    expect(arrivals).toHaveLength(asked);
  });

  it('closes for silence as for faults, and opens by itself when there are answers again', async () => {
    answer = (response) => void response.destroy();
    const psp = stripe();
    await untilClosed(psp);
    expect(psp.isReachable).toBe(false);
    answer = isWell;
    await eventually('somebody looked', () => psp.isReachable);
    await expect(ask(psp)).resolves.toMatchObject({ state: 'succeeded' });
  });

  it('stays open for answers that say no', async () => {
    answer = says(404, { error: { type: 'invalid_request_error', code: 'resource_missing' } });
    const psp = stripe();
    for (let calls = 0; calls < 4 * ENOUGH_SILENCE; calls += 1) {
      expect(await ask(psp)).toBeUndefined();
    }
    expect(psp.isReachable).toBe(true);
  });

  it('lets no more through in a second than the account may', async () => {
    answer = isWell;
    const psp = stripe({ callsPerSecond: 2 });
    await Promise.all([ask(psp), ask(psp), ask(psp)]);
    expect((arrivals[2] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(900);
  });
});
