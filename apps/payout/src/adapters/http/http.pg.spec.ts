import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '@stuiver/http';
import { SilentLog, SystemRandom } from '@stuiver/ports';
import { PayoutModule } from '../../payout.module.js';
import { ANNA, BRAM, IBAN, ONE, PayoutWorld, TWO } from '../../testing/payout-world.js';

let world: PayoutWorld;
let app: NestFastifyApplication;
let base: string;

beforeAll(async () => {
  world = await PayoutWorld.open();
  app = await createHttpApp(PayoutModule.with(world.options), {
    log: new SilentLog(),
    random: new SystemRandom(),
  });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${String((app.getHttpServer().address() as AddressInfo).port)}`;
}, 60_000);
afterAll(async () => {
  await app.close();
  await world.close();
});

interface Said {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function operator(method: string, path: string, body?: object): Promise<Said> {
  const answer = await fetch(`${base}/operator/${path}`, {
    method,
    headers: { authorization: 'Bearer operator', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const content = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: answer.status, body: content };
}

const run = (names: object = {}): Promise<Said> =>
  operator('POST', 'payouts/run', { date: 'today', maker: ANNA, checker: BRAM, ...names });

/** A browser without a jar: opens the link and keeps the cookie. */
async function signIn(merchantId: string): Promise<{ cookie: string; path: string }> {
  const { body } = await operator('POST', 'settlement-links', { merchantId });
  const path = String(body['path']);
  const answer = await fetch(base + path, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', path };
}

const page = (path: string, cookie: string, init: RequestInit = {}): Promise<Response> =>
  fetch(base + path, { redirect: 'manual', ...init, headers: { cookie } });

async function settle(merchantId: string, amount: bigint): Promise<string> {
  await world.ledger.pay(merchantId, amount);
  const { id } = await world.parts.close.begin(merchantId);
  world.clock.advance(1);
  return id;
}

describe('an operator', () => {
  it('hears plainly that there is nothing to settle', async () => {
    const { status, body } = await run();
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ settlements: [], batch: null, payouts: [], held: [], file: null },
      message: 'Nothing to settle: no merchant has anything to be paid out.',
    });
  });

  it('prepares, lists, discards and pays', async () => {
    await settle(ONE, 1000n);
    const first = await operator('POST', 'payouts/prepare', { maker: ANNA });
    expect(first).toMatchObject({ status: 200, body: { state: 'prepared', held: [] } });
    const id = String(first.body['id']);
    const listed = await operator('GET', 'payouts/batches');
    expect(listed.body).toMatchObject({
      batches: [{ id, state: 'prepared', payout_count: 1, amount_minor: '1000' }],
      next: null,
    });
    const discarded = await operator('POST', `payouts/batches/${id}/discard`);
    expect(discarded).toMatchObject({ status: 200, body: { state: 'discarded' } });
    world.clock.advance(1);
    const paid = await run();
    expect(paid).toMatchObject({ status: 200, body: { batch: { state: 'exported' } } });
    const after = await operator('GET', 'payouts/batches');
    expect(after.body['batches']).toMatchObject([{ state: 'exported' }, { state: 'discarded' }]);
    const older = await operator('GET', `payouts/batches?before=${id}`);
    expect(older.body['batches']).toEqual([]);
    const late = await operator('POST', `payouts/batches/${id}/discard`);
    expect(late).toMatchObject({ status: 200, body: { state: 'discarded' } });
  });

  it('is told what is held and why', async () => {
    const id = await settle(ONE, 500n);
    await world.ledger.refundFromAvailable(ONE, 100n);
    const reason = 'the merchant’s available balance does not bear it';
    const { status, body } = await run();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      batch: null,
      held: [{ settlement_id: id, merchant_id: ONE, state: 'held', amount_minor: '500', reason }],
    });
    const prepared = await operator('POST', 'payouts/prepare', { maker: ANNA });
    expect(prepared).toMatchObject({ status: 409, body: { code: 'NOTHING_TO_SETTLE' } });
    expect(prepared.body['message']).toContain(`${id}: ${reason}`);
  });

  it('is told to come back when the ledger does not answer', async () => {
    await settle(TWO, 700n);
    world.ledger.setDown(true);
    const { status, body } = await run();
    world.ledger.setDown(false);
    expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  });

  it.each([
    ['maker', ' Anna'],
    ['checker', 'Bram\n'],
    ['checker', 'Br\u200Bam'],
    ['checker', ''],
    ['maker', 7],
  ])('is refused as %s %j', async (field, name) => {
    const { status, body } = await run({ [field]: name });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: 'PARAM_ERROR', facts: { field } },
    });
  });

  it('is refused as both of two people', async () => {
    expect(await run({ checker: 'ANNA' })).toMatchObject({
      status: 403,
      body: { code: 'SAME_PERSON' },
    });
  });

  it('is refused a payee whose name no bank can write', async () => {
    const { status, body } = await operator('PUT', `payees/${ONE}`, {
      ...{ name: '日本', iban: IBAN, maker: 'Anna', checker: 'Bram' },
    });
    expect({ status, body }).toMatchObject({ status: 400, body: { facts: { field: 'name' } } });
  });

  it.each([
    'payouts/batches/pob_1',
    `payouts/batches/pob_${'0'.repeat(26)}`,
    'payouts/batches/%00',
  ])('finds nothing at %s', async (path) => {
    expect((await operator('GET', path)).status).toBe(404);
    expect((await operator('POST', `${path}/discard`)).status).toBe(404);
    expect((await operator('POST', `${path}/export`)).status).toBe(404);
  });

  it('is refused a page that does not follow a batch', async () => {
    const { status, body } = await operator('GET', 'payouts/batches?before=x');
    expect({ status, body }).toMatchObject({ status: 400, body: { facts: { field: 'before' } } });
  });

  it('is not let in without the token', async () => {
    const answer = await fetch(`${base}/operator/payouts/batches`);
    expect(answer.status).toBe(401);
  });
});

describe('a merchant', () => {
  it('opens a link once', async () => {
    const { path } = await signIn(ONE);
    const again = await fetch(base + path, { redirect: 'manual' });
    expect(again.status).toBe(410);
  });

  it('sees their own settlement, and nobody else sees it', async () => {
    const id = await settle(TWO, 100n);
    const own = await signIn(TWO);
    const other = await signIn(ONE);
    const files = ['csv', 'json', 'pdf'].map((file) => `/settlements/${id}/lines.${file}`);
    for (const path of [`/settlements/${id}`, ...files]) {
      expect((await page(path, own.cookie)).status).toBe(200);
      expect((await page(path, other.cookie)).status).toBe(404);
      expect((await page(path, '')).status).toBe(401);
    }
    expect((await page(`/settlements/${id}/lines.exe`, own.cookie)).status).toBe(404);
    const list = await (await page('/settlements', other.cookie)).text();
    expect(list).not.toContain(id);
    expect((await page('/settlements/%00', own.cookie)).status).toBe(404);
  });

  it('is not paid by a form that another site sends', async () => {
    const { cookie } = await signIn(TWO);
    const post = (body: string): Promise<Response> =>
      page('/settlements/run', cookie, { method: 'POST', body });
    expect((await post('')).status).toBe(404);
    expect((await post('csrf=guessed')).status).toBe(404);
    expect(await world.payouts()).toHaveLength(2);
    const html = await (await page('/settlements', cookie)).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await post(`csrf=${csrf}`)).status).toBe(303);
    expect((await world.payouts()).at(-1)).toMatchObject({ merchant_id: TWO, state: 'exported' });
  });
});
