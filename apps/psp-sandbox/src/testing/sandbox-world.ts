import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { SystemClock } from '@stuiver/ports';
import type { PayIn, PayInWorld, PspDispute, PspPayment, PspRefund } from '@stuiver/psp';
import { StripePayIn } from '@stuiver/psp-stripe';
import { emptyTestDatabase, eventually } from '@stuiver/testing';
import { readConfig } from '../config.js';
import { type PspSandbox, startPspSandbox } from '../sandbox.js';

export const KEY = 'sk_test_stuiver';
export const SECRET = 'whsec_of_the_test';

export interface Message {
  readonly rawBody: Buffer;
  readonly signature: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
    readonly data: { readonly object: { readonly id: string } };
  };
}

/** What an endpoint was told; it answers with `status`, or never while it hangs. */
export class Listener {
  readonly messages: Message[] = [];
  status = 200;
  hangs = false;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Listener> {
    const server = createServer();
    const listener = new Listener(server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const rawBody = Buffer.concat(parts);
        const signature = String(request.headers['stripe-signature']);
        const event = JSON.parse(rawBody.toString()) as Message['event'];
        listener.messages.push({ rawBody, signature, event });
        if (!listener.hangs) response.writeHead(listener.status).end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return listener;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks`;
  }

  about(objectId: string, type: string): readonly Message[] {
    return this.messages.filter(
      ({ event }) => event.data.object.id === objectId && event.type === type,
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The sandbox as it runs: its own database, real sockets, the official client in front of it. */
export class SandboxWorld implements PayInWorld {
  psp: StripePayIn;

  private constructor(
    private sandbox: PspSandbox,
    readonly listeners: readonly Listener[],
    private readonly database: { url: string; close(): Promise<void> },
    private readonly environment: Environment,
  ) {
    this.psp = this.adapter();
  }

  /** @param environment  more variables, as the process gets them. */
  static async open(endpoints = 1, environment: Environment = {}): Promise<SandboxWorld> {
    const database = await emptyTestDatabase();
    const listeners = await Promise.all(Array.from({ length: endpoints }, () => Listener.open()));
    const sandbox = await started(database.url, listeners, environment);
    return new SandboxWorld(sandbox, listeners, database, environment);
  }

  get url(): string {
    return this.sandbox.url;
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  adapter(over: { secretKey?: string; timeoutMs?: number } = {}): StripePayIn {
    return new StripePayIn({
      ...{ secretKey: KEY, webhookSecret: SECRET, timeoutMs: 5_000, ...over },
      apiBase: new URL(this.sandbox.url),
      clock: new SystemClock(),
    });
  }

  /** As an upgrade would: the process is new, the database is not. */
  async restart(): Promise<void> {
    await this.sandbox.close();
    this.sandbox = await started(this.database.url, this.listeners, this.environment);
    this.psp = this.adapter();
  }

  async decide(payment: PspPayment, outcome: 'authorise' | 'fail'): Promise<void> {
    const body = new URLSearchParams({ outcome });
    const answer = await fetch(payment.redirectUrl ?? '', {
      ...{ method: 'POST', body, redirect: 'manual' },
    });
    if (answer.status !== 303) throw new Error(`the bank page answers ${answer.status}`);
  }

  async disputed(
    request: Parameters<PayIn['openPayment']>[0],
    what: 'inquiry' | 'chargeback',
  ): Promise<{ payment: PspPayment; dispute: string }> {
    const cardToken = what === 'inquiry' ? 'pm_card_createDisputeInquiry' : 'pm_card_createDispute';
    const payment = await this.psp.openPayment({ ...request, cardToken });
    const path = `/v1/disputes?payment_intent=${payment.pspReference}`;
    const headers = { authorization: `Bearer ${KEY}` };
    const list: unknown = await (await fetch(this.url + path, { headers })).json();
    const [dispute] = (list as { data: readonly { id: string }[] }).data;
    if (dispute === undefined) throw new Error('the card opens a dispute');
    return { payment, dispute: dispute.id };
  }

  async decideDispute(pspReference: string, outcome: 'won' | 'lost'): Promise<void> {
    await this.behind(`/_test/disputes/${pspReference}/${outcome}`, {});
  }

  /** The client repeats what was cut once by itself, so its second answer is lost too. */
  async loseNextAnswer(): Promise<void> {
    await this.behind('/_test/faults', { path: '/v1/', effect: 'drop-connection', times: 2 });
  }

  async messageAbout(thing: PspPayment | PspRefund | PspDispute): Promise<Message> {
    return this.told(thing.pspReference, typeAbout(thing));
  }

  async told(objectId: string, type: string, listener = this.listeners[0]): Promise<Message> {
    return eventually(`${type} about ${objectId}`, () => listener?.about(objectId, type)[0]);
  }

  /** Somebody was told an event of this type, about whatever. */
  async eventually(type: string): Promise<void> {
    await eventually(type, () =>
      this.listeners[0]?.messages.some(({ event }) => event.type === type),
    );
  }

  /** A hand in the sandbox's own database. */
  async sql(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  async behind(path: string, plan: unknown): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify(plan),
    });
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await Promise.all(this.listeners.map((listener) => listener.close()));
    await this.database.close();
  }
}

function typeAbout(thing: PspPayment | PspRefund | PspDispute): string {
  if ('refundId' in thing) return 'refund.created';
  return 'payment' in thing ? 'charge.dispute.created' : 'payment_intent.succeeded';
}

type Environment = Readonly<Record<string, string>>;

function started(
  databaseUrl: string,
  listeners: readonly Listener[],
  environment: Environment,
): Promise<PspSandbox> {
  const webhooks = listeners.map(({ url }) => ({ url, secret: SECRET }));
  const config = readConfig({
    SANDBOX_PORT: '0',
    SANDBOX_DATABASE_URL: databaseUrl,
    SANDBOX_WEBHOOKS: JSON.stringify(webhooks),
    ...environment,
  });
  return startPspSandbox(config);
}
