import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createPublicKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresAuditTrail } from '@stuiver/audit';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { answerText, decryptResource, isSignedBy } from '@stuiver/merchant-wire';
import { type KeyStore, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { eventually, FixedClock, type TestDatabase, testDatabase } from '@stuiver/testing';
import { CreateMerchant } from '../../use-cases/create-merchant.js';
import { ReplayNotification } from '../../use-cases/replay-notification.js';
import { LADDER_MS, SendNotification } from '../../use-cases/send-notification.js';
import { newMerchantKey } from '../../testing/signing-merchant.js';
import { PostgresMerchants } from '../postgres/merchants.js';
import { NotificationQueue } from '../postgres/notification-queue.js';
import { PostgresNotificationBook } from '../postgres/notifications.js';
import { HttpCourier } from './http-courier.js';
import { NotificationSender } from './notification-sender.js';

const [random, log] = [new SystemRandom(), new SilentLog()];

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let dir: string;
let keys: KeyStore;
let db: TestDatabase;
let orders: Database;
let server: Server;
let base: string;
let received: Received[];
/** How the merchant's server answers, by path. */
let answerTo: (path: string, answer: ServerResponse) => void;

let clock: FixedClock;
let merchants: PostgresMerchants;
let book: PostgresNotificationBook;
let queue: NotificationQueue;
let sender: NotificationSender;
let mchid: string;
let apiV3Key: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'notify-'));
  keys = await openFileKeyStore({ dir, clock: new SystemClock(), random });
  server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
      answerTo(path, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}, 60_000);

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});

beforeEach(async () => {
  received = [];
  answerTo = (_path, answer) => answer.writeHead(204).end();
  clock = new FixedClock();
  db = await testDatabase();
  orders = await db.open('orders');
  const trail = new PostgresAuditTrail('orders', clock);
  merchants = new PostgresMerchants(orders, keys, { clock, trail });
  book = new PostgresNotificationBook(orders, { keys, clock, random });
  queue = new NotificationQueue(orders, trail);
  sender = newSender(true);
  ({ mchid, apiV3Key } = await newMerchant());
}, 60_000);

afterEach(async () => {
  server.closeAllConnections();
  await sender.beforeApplicationShutdown();
  await db.close();
});

function newSender(allowPrivate: boolean): NotificationSender {
  const courier = new HttpCourier(merchants, keys, { clock, random, addresses: { allowPrivate } });
  return new NotificationSender(queue, new SendNotification(courier, queue, clock), { clock, log });
}

const NO_PSP_ACCOUNTS = { run: () => Promise.resolve(null) };
async function newMerchant(): Promise<{ mchid: string; apiV3Key: string }> {
  const { csrPem } = await newMerchantKey();
  const create = new CreateMerchant(merchants, keys, { clock, random }, NO_PSP_ACCOUNTS);
  return create.run({ name: 'M', csrPem, mchid: null, apiV3Key: null });
}

function owe(about: string, url = `${base}/notify`, to = mchid): Promise<void> {
  return book.oweEcho({ mchid: to, about, url, message: `hello ${about}`, encrypted: null });
}

async function state(
  about: string,
): Promise<{ tries: number; next: Date | null; delivered: boolean; exhausted: boolean }> {
  const [row] = await orders.query<{
    tries: number;
    next: Date | null;
    delivered: boolean;
    exhausted: boolean;
  }>(
    `select tries, next_try_at as next, delivered_at is not null as delivered, exhausted_at is not null as exhausted
     from orders.notification where about = $1`,
    [about],
  );
  if (row === undefined) throw new Error(`nothing is owed about ${about}`);
  return row;
}

describe('a notification', () => {
  it('arrives once, signed by the platform and readable with the APIv3 key only', async () => {
    await owe('one');
    await owe('one');
    sender.onApplicationBootstrap();
    await eventually('delivered', async () => (await state('one')).delivered);
    expect(received).toHaveLength(1);
    const [first] = received;
    if (first === undefined) throw new Error('nothing arrived');
    const { headers, body } = first;

    const key = (await keys.platformKeys()).find(
      ({ keyId }) => keyId === headers['wechatpay-serial'],
    );
    const timestamp = String(headers['wechatpay-timestamp']);
    const nonce = String(headers['wechatpay-nonce']);
    const text = answerText({ timestamp, nonce, body: Buffer.from(body) });
    expect(
      isSignedBy(
        createPublicKey(key?.publicKeyPem ?? ''),
        text,
        String(headers['wechatpay-signature']),
      ),
    ).toBe(true);

    const envelope = JSON.parse(body) as {
      event_type: string;
      resource: Parameters<typeof decryptResource>[0];
    };
    expect(envelope.event_type).toBe('SECURITY_ECHO.SUCCESS');
    expect(JSON.parse(decryptResource(envelope.resource, apiV3Key))).toEqual({
      echo_message: 'hello one',
    });
    expect(JSON.stringify(JSON.parse(body))).toBe(body);
  });

  it('is owed only if the transaction that says so commits', async () => {
    const failing = new PostgresNotificationBook(
      {
        run: (work) =>
          orders.run(async (tx) => work(tx).then(() => Promise.reject(new Error('rolled back')))),
      },
      { keys, clock, random },
    );
    const notice = { mchid, about: 'never', url: base, message: 'm', encrypted: null };
    await expect(failing.oweEcho(notice)).rejects.toThrow('rolled back');
    await expect(state('never')).rejects.toThrow('nothing is owed');
  });

  it('climbs the ladder of fifteen retries with one id, signed afresh, and is then given up', async () => {
    answerTo = (_path, answer) => answer.writeHead(500).end('{"code":"FAIL","message":"down"}');
    await owe('ladder');
    sender.onApplicationBootstrap();
    for (const [index, waitMs] of LADDER_MS.entries()) {
      await eventually('another try', async () => (await state('ladder')).tries === index + 1);
      expect((await state('ladder')).next?.getTime()).toBe(clock.now().getTime() + waitMs);
      clock.advance(waitMs);
      sender.wake();
    }
    await eventually('given up', async () => (await state('ladder')).exhausted);
    expect(await state('ladder')).toMatchObject({ tries: 16, next: null, delivered: false });
    expect(new Set(received.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size).toBe(
      1,
    );
    expect(new Set(received.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(16);

    const [summary] = await queue.ofMerchant(mchid, 10);
    expect(summary?.tries).toHaveLength(16);
    expect(summary?.tries[0]).toMatchObject({
      status: 500,
      problem: 'answered 500: {"code":"FAIL","message":"down"}',
    });
  }, 30_000);

  it('is not sent to private addresses when live', async () => {
    sender = newSender(false);
    await owe('private');
    sender.onApplicationBootstrap();
    await eventually('refused', async () => (await state('private')).tries === 1);
    expect(received).toEqual([]);
    const [summary] = await queue.ofMerchant(mchid, 10);
    expect(summary?.tries[0]?.problem).toContain('an address we do not call');
  });

  it('does not follow redirects', async () => {
    answerTo = (_path, answer) => answer.writeHead(307, { Location: `${base}/elsewhere` }).end();
    await owe('redirect');
    sender.onApplicationBootstrap();
    await eventually('refused', async () => (await state('redirect')).tries === 1);
    expect(received.map(({ path }) => path)).toEqual(['/notify']);
  });

  it('is sent again when an operator asks, delivered or not', async () => {
    await owe('again');
    sender.onApplicationBootstrap();
    await eventually('delivered', async () => (await state('again')).delivered);
    const [summary] = await queue.ofMerchant(mchid, 1);
    const wake = (): void => {
      sender.wake();
    };
    const replay = new ReplayNotification(queue, { clock, wake });
    await replay.run(summary?.id ?? '');
    await eventually('sent again', async () => (await state('again')).tries === 2);
    expect((await state('again')).delivered).toBe(true);
    await expect(replay.run('00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('that a dead process had taken is taken again after its lease', async () => {
    await owe('lease');
    const claim = {
      now: clock.now(),
      limit: 10,
      perMerchantMax: 8,
      busy: new Map<string, number>(),
    };
    expect(await queue.claim(claim)).toHaveLength(1);
    expect(await queue.claim(claim)).toHaveLength(0);
    clock.advance(20_000);
    expect(await queue.claim({ ...claim, now: clock.now() })).toHaveLength(1);
  });

  it('is taken by one of several claimers', async () => {
    for (let index = 0; index < 12; index += 1) await owe(`many ${String(index)}`);
    const claim = {
      now: clock.now(),
      limit: 12,
      perMerchantMax: 12,
      busy: new Map<string, number>(),
    };
    const claims = await Promise.all([1, 2, 3, 4].map(() => queue.claim(claim)));
    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(12);
    expect(new Set(ids).size).toBe(12);
  });
});

describe('a merchant whose server hangs', () => {
  it('holds up nobody else and gets one try at a time', async () => {
    answerTo = (path, answer) => {
      if (path === '/notify') answer.writeHead(204).end();
    };
    const slow = await newMerchant();
    for (let index = 0; index < 80; index += 1)
      await owe(`slow ${String(index)}`, `${base}/hang`, slow.mchid);
    for (let index = 0; index < 20; index += 1) await owe(`quick ${String(index)}`);
    sender.onApplicationBootstrap();
    await eventually(
      'the others are delivered',
      async () => {
        const [row] = await orders.query<{ n: string }>(
          'select count(*) as n from orders.notification where mchid = $1 and delivered_at is not null',
          [mchid],
        );
        return row?.n === '20';
      },
      4_000,
    );
    expect(received.filter(({ path }) => path === '/hang')).toHaveLength(8);
    const summary = await eventually('the first tries time out', async () =>
      (await queue.ofMerchant(slow.mchid, 100)).find(({ tries }) => tries.length > 0),
    );
    expect(summary.tries[0]?.problem).toBe('no answer within 5 seconds');
    await eventually(
      'one more',
      () => received.filter(({ path }) => path === '/hang').length === 9,
    );
  }, 20_000);
});
