import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { SandboxWorld } from './testing/sandbox-world.js';
import { Wire, type WireAnswer } from './testing/wire.js';

let world: SandboxWorld;
let wire: Wire;
let keys = 0;
beforeAll(async () => {
  world = await SandboxWorld.open();
  wire = new Wire(world);
});
afterAll(() => world.close());

/** Hundreds of calls, and now and then a new process. */
const SEQUENCES_MS_MAX = 60_000;
const INTENTS = '/v1/payment_intents';
const PLAIN = 'amount=1250&currency=eur';
const PAID = `${PLAIN}&confirm=true&payment_method=pm_card_visa`;

function newKey(): string {
  keys += 1;
  return `key-${keys}`;
}

async function intentsKept(): Promise<number> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from object where object = 'payment_intent'`,
  );
  await client.end();
  return rows[0]?.count ?? 0;
}

function isReplay(answer: WireAnswer): boolean {
  return answer.headers.get('idempotent-replayed') === 'true';
}

/** What a caller may send; only `begins` is executed and therefore kept. */
const REQUESTS = [
  { path: INTENTS, body: PLAIN, begins: true, makes: 1 },
  { path: INTENTS, body: PAID, begins: true, makes: 1 },
  { path: INTENTS, body: `${PLAIN}&metadata[a]=b`, begins: true, makes: 1 },
  {
    path: INTENTS,
    body: PAID.replace('visa', 'chargeDeclined'),
    begins: true,
    makes: 1,
  },
  { path: INTENTS, body: 'amount=1&currency=eur', begins: false, makes: 0 },
  { path: INTENTS, body: `${PLAIN}&colour=red`, begins: false, makes: 0 },
  { path: '/v1/refunds', body: 'payment_intent=pi_nobody', begins: false, makes: 0 },
] as const;

describe('a key', () => {
  it(
    'means its first request for ever, whatever is sent under it and in which order',
    async () => {
      const step = fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        request: fc.constantFrom(...REQUESTS),
        restart: fc.integer({ min: 0, max: 60 }).map((dice) => dice === 0),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 16 }), async (steps) => {
          const prefix = newKey();
          const first = new Map<string, { fingerprint: string; text: string; status: number }>();
          const before = await intentsKept();
          let made = 0;
          for (const { key, request, restart } of steps) {
            if (restart) await world.restart();
            const fingerprint = `${request.path} ${request.body}`;
            const known = first.get(key);
            const answer = await wire.post(request.path, request.body, { key: prefix + key });
            if (known === undefined) {
              expect(isReplay(answer)).toBe(false);
              if (!request.begins) expect(answer.error?.['type']).toBe('invalid_request_error');
              if (request.begins) {
                const { text, status } = answer;
                first.set(key, { fingerprint, text, status });
                made += request.makes;
              }
            } else if (known.fingerprint === fingerprint) {
              expect(isReplay(answer)).toBe(true);
              expect(answer).toMatchObject({ text: known.text, status: known.status });
            } else {
              expect(answer).toMatchObject({ status: 400, error: { type: 'idempotency_error' } });
            }
          }
          expect((await intentsKept()) - before).toBe(made);
        }),
        { numRuns: 25, verbose: fc.VerbosityLevel.Verbose },
      );
    },
    SEQUENCES_MS_MAX,
  );

  it('is echoed, and a replay says that it is one, byte for byte', async () => {
    const key = newKey();
    const once = await wire.post(INTENTS, PAID, { key });
    const twice = await wire.post(INTENTS, PAID, { key });
    expect(once.headers.get('idempotency-key')).toBe(key);
    expect(isReplay(once)).toBe(false);
    expect(isReplay(twice)).toBe(true);
    expect(twice.text).toBe(once.text);
    expect(twice.headers.get('request-id')).not.toBe(once.headers.get('request-id'));
  });

  it('that is in use is answered 409, nothing is kept for it, and afterwards it is replayed', async () => {
    const id = await wire.paidIntent(5_000);
    const key = newKey();
    const refund = (): Promise<WireAnswer> =>
      wire.post('/v1/refunds', `payment_intent=${id}&amount=100`, { key });
    const release = await holdIntent(id);
    // Whichever of the two comes first waits for the intent; the other finds the key in use.
    const both = [refund(), refund()];
    const busy = await Promise.race(both);
    await release();
    expect(busy).toMatchObject({ status: 409, error: { code: 'idempotency_key_in_use' } });
    const done = (await Promise.all(both)).find(({ status }) => status === 200);
    const replay = await refund();
    expect(isReplay(replay)).toBe(true);
    expect(replay.text).toBe(done?.text);
  });

  it('is not kept by a call that waited too long for another: it is told to come back', async () => {
    const id = await wire.paidIntent(5_000);
    const key = newKey();
    const refund = (): Promise<WireAnswer> =>
      wire.post('/v1/refunds', `payment_intent=${id}&amount=100`, { key });
    const release = await holdIntent(id);
    const late = await refund();
    await release();
    expect(late).toMatchObject({ status: 429, error: { code: 'lock_timeout' } });
    expect(late.headers.get('stripe-should-retry')).toBe('true');
    expect(await refund()).toMatchObject({ status: 200 });
  });

  it('keeps a considered no: an over-refund is a replay the second time', async () => {
    const id = await wire.paidIntent(500);
    const key = newKey();
    const over = await wire.post('/v1/refunds', `payment_intent=${id}&amount=501`, { key });
    expect(over).toMatchObject({ status: 400, error: { code: 'amount_too_large' } });
    expect(
      isReplay(await wire.post('/v1/refunds', `payment_intent=${id}&amount=501`, { key })),
    ).toBe(true);
  });

  it('keeps a server fault as well, although the work was done', async () => {
    const key = newKey();
    await world.behind('/_test/faults', { path: INTENTS, effect: 'answer-500' });
    const before = await intentsKept();
    const once = await wire.post(INTENTS, PAID, { key });
    const twice = await wire.post(INTENTS, PAID, { key });
    expect([once.status, twice.status]).toEqual([500, 500]);
    expect(isReplay(twice)).toBe(true);
    expect((await intentsKept()) - before).toBe(1);
  });

  it('is not used up while nobody is there: every call is cut, nothing is done, and it is counted', async () => {
    const key = newKey();
    const before = await intentsKept();
    await world.behind('/_test/faults', { path: '/v1/', effect: 'unreachable' });
    await expect(wire.post(INTENTS, PAID, { key })).rejects.toThrow();
    await expect(wire.get('/v1/balance')).rejects.toThrow();
    expect((await wire.get('/_test/faults')).body).toEqual({ unreachable: 2 });
    expect(await intentsKept()).toBe(before);
    await wire.send('DELETE', '/_test/faults', {});
    const answer = await wire.post(INTENTS, PAID, { key });
    expect([answer.status, isReplay(answer)]).toEqual([200, false]);
    expect((await intentsKept()) - before).toBe(1);
  });

  it('of 255 characters is the longest', async () => {
    expect((await wire.post(INTENTS, PLAIN, { key: 'k'.repeat(255) })).status).toBe(200);
    expect((await wire.post(INTENTS, PLAIN, { key: 'k'.repeat(256) })).status).toBe(400);
  });
});

/** Another call is busy with the object. @returns what ends it. */
async function holdIntent(id: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from object where id = $1 for update', [id]);
  return async () => {
    await client.query('commit');
    await client.end();
  };
}
