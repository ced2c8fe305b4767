import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresBus } from '@stuiver/bus';
import type { BulkAnswer, LedgerCommand } from '@stuiver/contracts';
import { createHttpApp } from '@stuiver/http';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { eventually, testDatabase, type TestDatabase } from '@stuiver/testing';
import { createLedger, type Ledger } from '../../create-ledger.js';
import { LedgerModule } from '../../ledger.module.js';

const SECRET = 's'.repeat(40);
const BUSY: BulkAnswer = {
  ...{ outcome: 'error', code: 'SERVICE_UNAVAILABLE', facts: { rule: 'the other one is busy' } },
};

const topUp = (): LedgerCommand => {
  const id = randomUUID();
  return {
    ...{
      kind: 'top-up',
      id,
      effectiveAt: '2026-11-23T10:00:00.000Z',
      topUpId: id,
      userId: 'usr_a',
    },
    ...{ psp: 'stripe', amountMinor: '1000', currency: 'EUR' },
  };
};

/** Another ledger process, as this one sees it: it holds the lock, has an address and answers or not. */
class Other {
  readonly heard: unknown[] = [];
  private readonly server: Server;

  constructor(private readonly answer: RequestListener) {
    this.server = createServer((asked, reply) => {
      const parts: Buffer[] = [];
      asked.on('data', (part: Buffer) => parts.push(part));
      asked.once('end', () => {
        const { commands } = JSON.parse(Buffer.concat(parts).toString()) as { commands: unknown[] };
        this.heard.push(...commands);
        if (commands.length > 0) this.answer(asked, reply);
        else reply.end('{"answers":[]}');
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('a ledger that is not the one that writes', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let ledger: Ledger;
  let url: string;
  const others: Other[] = [];
  /** Makes `other` the writer, and waits until the ledger knows; a session of ours holds the lock throughout. */
  let yieldTo: (other: Other) => Promise<void>;

  beforeAll(async () => {
    db = await testDatabase();
    const books = await db.open('ledger', { poolMax: 1 });
    await books.query('select pg_advisory_lock(7316, 1)');
    const log = new SilentLog();
    ledger = createLedger({
      database: await db.open('ledger'),
      bus: new PostgresBus({ pool: (await db.open('bus')).pool, log }),
      ...{ clock: new SystemClock(), log, crash: new NoCrashPoints() },
      among: { address: 'http://127.0.0.1:1', secret: SECRET },
    });
    app = await createHttpApp(LedgerModule.with({ ledger, operatorToken: 'x' }), {
      ...{ log, random: new SystemRandom() },
    });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    yieldTo = async (other) => {
      others.push(other);
      const address = await other.listen();
      await books.query("update ledger.writer set address = $1, seen_at = 'infinity'", [address]);
      await eventually('the ledger passes on', async () => {
        await ledger.port.submit(topUp()).catch(() => undefined);
        return other.heard.length > 0;
      });
    };
  });
  afterEach(() => {
    for (const other of others.splice(0)) other.close();
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const passOn = (commands: unknown, secret = SECRET): Promise<Response> =>
    fetch(`${url}/internal/ledger/passed-on`, {
      method: 'POST',
      headers: { authorization: `Bearer ledger:${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ commands }),
    });

  it('gives its commands to that one, whose answers are its own', async () => {
    const other = new Other((_asked, reply) => reply.end(JSON.stringify({ answers: [BUSY] })));
    await yieldTo(other);
    const command = topUp();
    await expect(ledger.port.submit(command)).rejects.toThrow('the other one is busy');
    expect(other.heard.at(-1)).toEqual(command);
    await expect(ledger.port.void(command.id)).rejects.toThrow('the other one is busy');
    expect(other.heard.at(-1)).toEqual({ kind: 'void', id: command.id });
  });

  it.each<[string, RequestListener]>([
    ['stands still', () => undefined],
    ['breaks off', (_asked, reply) => reply.destroy()],
    ['turns it away', (_asked, reply) => reply.writeHead(401).end('{}')],
    ['speaks nonsense', (_asked, reply) => reply.end('{"answers":[{}]}')],
    ['answers too little', (_asked, reply) => reply.end('{"answers":[]}')],
  ])('books for itself when that one %s', async (_how, answer) => {
    const other = new Other(answer);
    await yieldTo(other);
    const command = topUp();
    expect(await ledger.port.submit(command)).toMatchObject({ commandId: command.id });
  });

  it('does not wait for a writer that stands still more than once', async () => {
    const other = new Other(() => undefined);
    await yieldTo(other);
    other.close();
    await ledger.port.submit(topUp());
    const begun = performance.now();
    for (let index = 0; index < 5; index += 1) await ledger.port.submit(topUp());
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('books what is passed on to it all the same, once, and passes it on to nobody', async () => {
    const other = new Other((_asked, reply) => reply.destroy());
    await yieldTo(other);
    const command = topUp();
    const before = other.heard.length;
    const answer = await passOn([
      command,
      command,
      { kind: 'void', id: randomUUID() },
      { kind: 'x' },
    ]);
    const { answers } = (await answer.json()) as { answers: BulkAnswer[] };
    expect(answers).toMatchObject([
      { outcome: 'posted', commandId: command.id },
      { outcome: 'posted', commandId: command.id },
      { outcome: 'refused', code: 'VOIDED' },
      { outcome: 'error', code: 'PARAM_ERROR' },
    ]);
    expect(other.heard).toHaveLength(before);
  });

  it('takes nothing from strangers', async () => {
    expect((await passOn([], 'other')).status).toBe(401);
  });
});
