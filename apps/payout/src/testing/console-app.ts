import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BatchDetail, StaffRole } from '@stuiver/console-api';
import { createHttpApp } from '@stuiver/http';
import { SilentLog, SystemRandom } from '@stuiver/ports';
import { StaffSessions } from '@stuiver/staff';
import { PayoutModule } from '../payout.module.js';
import { ONE, PayoutWorld } from './payout-world.js';

interface Said<Body> {
  readonly status: number;
  readonly body: Body;
}
/** Asks as one person: a path below `/console`; a text as body is a bank's file. */
export type Who = <Body>(
  method: string,
  path: string,
  body?: object | string,
) => Promise<Said<Body>>;

const CSRF = 'csrf-of-this-sign-in-000';

/** The service over HTTP, with five people signed in. */
export class ConsoleApp {
  readonly anna = this.staff('Anna', ['finance']);
  readonly bram = this.staff('Bram', ['finance']);
  readonly chloe = this.staff('Chloé', ['finance']);
  readonly olga = this.staff('Olga', ['operator']);
  readonly mira = this.staff('Mira', ['merchant'], [ONE]);

  private constructor(
    readonly world: PayoutWorld,
    readonly base: string,
    private readonly app: NestFastifyApplication,
    private readonly sessions: StaffSessions,
  ) {}

  static async start(): Promise<ConsoleApp> {
    const world = await PayoutWorld.open();
    const sessions = new StaffSessions({
      ...{ key: Buffer.alloc(32, 7), clock: world.clock },
      ...{ publicUrl: 'http://localhost:1', sandbox: true },
    });
    const app = await createHttpApp(PayoutModule.with({ ...world.options, staff: sessions }), {
      log: new SilentLog(),
      random: new SystemRandom(),
    });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new ConsoleApp(world, `http://127.0.0.1:${String(port)}`, app, sessions);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.world.close();
  }

  async settle(merchantId: string, amount: bigint): Promise<string> {
    this.world.clock.advance(1);
    await this.world.ledger.pay(merchantId, amount);
    return (await this.world.parts.close.begin(merchantId)).id;
  }

  /** Anna prepares, Bram approves and exports. */
  async exportBatch(): Promise<BatchDetail> {
    const { batchId, fileSha256 } = (await this.anna<BatchDetail>('POST', 'finance/batches', {}))
      .body;
    await this.bram('POST', `finance/batches/${batchId}/approve`, { fileSha256 });
    return (await this.bram<BatchDetail>('POST', `finance/batches/${batchId}/export`, {})).body;
  }

  /** Somebody of the staff at their console. */
  private staff(name: string, roles: readonly StaffRole[], merchants: readonly string[] = []): Who {
    return async <Body>(
      method: string,
      path: string,
      body?: object | string,
    ): Promise<Said<Body>> => {
      const plain = name.normalize('NFD').replaceAll(/\P{ASCII}/gu, '');
      const id = `stf_${plain.toLowerCase().padEnd(26, '0')}`;
      const { token } = await this.sessions.issue({
        ...{ id, name, email: `${plain}@example.test`, roles, merchants, csrf: CSRF },
      });
      const answer = await fetch(`${this.base}/console/${path}`, {
        method,
        headers: {
          cookie: `${this.sessions.cookieName}=${token}`,
          'content-type': typeof body === 'string' ? 'application/xml' : 'application/json',
          ...(method === 'GET' ? {} : { 'x-csrf-token': CSRF, origin: this.base }),
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
      return { status: answer.status, body: (isJson ? JSON.parse(text) : text) as Body };
    };
  }
}
