import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { EventBus } from '@stuiver/bus';
import {
  disputeReturnCommand,
  disputeWithdrawalCommand,
  latePaymentCommand,
  type LedgerCommand,
  paymentCommand,
  refundRequestCommand,
  refundReturnCommand,
  refundSuccessCommand,
  type StuiverEvent,
  topUpCommand,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { randomText } from '@stuiver/ids';
import { type CrashPoints, type KeyStore, SilentLog, SystemRandom } from '@stuiver/ports';
import type { ConnectAccounts } from '@stuiver/psp';
import {
  eventually,
  FakeLedger,
  FakePsp,
  FixedClock,
  testDatabase,
  type TestDatabase,
} from '@stuiver/testing';
import { assembleOrder, type OrderParts } from '../assemble.js';
import type { Attempt } from '../domain/attempt.js';
import type { OrderOptions } from '../options.js';
import type { OpenOrderRequest } from '../use-cases/open-order.js';

export const MCHID = '1900000001';
export const APPID = 'wx8888888888888888';
export const PIN = '135790';
/** Every process of one world has the same. */
const STAFF_KEY = Buffer.alloc(32, 7);

/** The process died here, as far as its caller can tell: nothing after this line ran. */
export class PowerCut extends Error {}

class CrashOnce implements CrashPoints {
  at: string | null = null;

  pass(point: string): void {
    if (point !== this.at) return;
    this.at = null;
    throw new PowerCut(point);
  }
}

/** Hands every event to the ledger, as its consumer does; a conflict means that event and call said different things. */
class LedgerBus implements EventBus {
  readonly said: StuiverEvent[] = [];

  constructor(private readonly ledger: FakeLedger) {}

  async publish(_topic: string, events: readonly StuiverEvent[]): Promise<void> {
    for (const event of events) {
      const command = commandOf(event);
      if (command !== null) await this.ledger.submit(command);
      this.said.push(event);
    }
  }

  subscribe(): { stop(): Promise<void> } {
    return { stop: () => Promise.resolve() };
  }
}

function commandOf(event: StuiverEvent): LedgerCommand | null {
  if (event.type === 'payment.succeeded.v1') return paymentCommand(event.data);
  if (event.type === 'payment.succeeded-late.v1') return latePaymentCommand(event.data);
  if (event.type === 'refund.requested.v1') return refundRequestCommand(event.data);
  if (event.type === 'refund.succeeded.v1') return refundSuccessCommand(event.data);
  if (event.type === 'refund.returned.v1') return refundReturnCommand(event.data);
  if (event.type === 'dispute.withdrawn.v1') return disputeWithdrawalCommand(event.data);
  if (event.type === 'dispute.returned.v1') return disputeReturnCommand(event.data);
  return event.type === 'top-up.succeeded.v1' ? topUpCommand(event.data) : null;
}

/** Keeps secrets as a file would, without the file: bound to their purpose. */
class OpenKeyStore implements Pick<KeyStore, 'seal' | 'open'> {
  seal(purpose: string, plain: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(Buffer.concat([Buffer.from(`${purpose}\0`), plain]));
  }

  open(purpose: string, sealed: Uint8Array): Promise<Uint8Array> {
    const head = Buffer.from(`${purpose}\0`);
    const bytes = Buffer.from(sealed);
    if (!bytes.subarray(0, head.length).equals(head)) throw new Error('sealed for another purpose');
    return Promise.resolve(bytes.subarray(head.length));
  }
}

/** The service on a real database, between a PSP and a ledger that the test operates. */
export class OrderWorld {
  readonly clock = new FixedClock();
  readonly random = new SystemRandom();
  readonly psp = new FakePsp();
  readonly ledger = new FakeLedger();
  readonly bus = new LedgerBus(this.ledger);
  readonly crash = new CrashOnce();
  parts: OrderParts;
  private orders = 0;
  private mode: Pick<OrderOptions, 'moneyMode' | 'connect' | 'riskLimits'> = {};

  private constructor(
    readonly database: TestDatabase,
    private readonly stores: Pick<OrderOptions, 'database' | 'people'>,
    private readonly merchantKey: KeyObject,
  ) {
    this.parts = this.assemble();
  }

  /** From now on payments are looked at by these limits. */
  limitRisk(riskLimits: string): void {
    this.mode = { ...this.mode, riskLimits };
    this.parts = this.assemble();
  }

  /** From now on the PSP holds the merchants' money. */
  holdAtPsp(connect: ConnectAccounts): void {
    this.mode = { moneyMode: 'psp-held', connect };
    this.parts = this.assemble();
  }

  static async open(): Promise<OrderWorld> {
    const database = await testDatabase();
    const orders = await database.open('orders', { poolMax: 12 });
    const people = await database.open('people', { poolMax: 12 });
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    await orders.query(
      `insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at)
       values ($1, 'Café De Stuiver', '\\x00', now())`,
      [MCHID],
    );
    await orders.query(
      `insert into orders.merchant_certificate
         (serial_no, mchid, certificate_pem, public_key_pem, not_after, created_at)
       values ('ABCDEF', $1, '', $2, now() + interval '10 years', now())`,
      [MCHID, pem],
    );
    await orders.query(
      `insert into orders.mini_program
         (appid, mchid, name, description, app_secret_sealed, origin_kind, source, created_at)
       values ($1, $2, 'Café', 'Coffee', '\\x00', 'packaged', 'cafe', now())`,
      [APPID, MCHID],
    );
    return new OrderWorld(database, { database: orders, people }, privateKey);
  }

  get options(): OrderOptions {
    const { clock, random, psp, ledger, bus, crash } = this;
    return {
      ...{ clock, random, psp, ledger, bus, crash, ...this.stores, ...this.mode },
      keys: new OpenKeyStore() as unknown as KeyStore,
      log: new SilentLog(),
      operatorToken: 'operator',
      staffKey: STAFF_KEY,
      publicUrl: 'http://localhost:8080',
      cardFields: { publishableKey: 'pk_test', scriptUrl: 'https://psp.test/fields.js' },
      frameUrlOf: (appid) => `http://${appid}.localhost:8080/`,
      sandbox: true,
      fee: { basisPoints: '140', fixedMinor: 5n },
    };
  }

  /** A new process on the same data. */
  assemble(): OrderParts {
    return assembleOrder(this.options);
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.stores.database.query<Row>(sql, parameters);
  }

  async payer(walletMinor = 10_000n): Promise<{ userId: string; token: string }> {
    const payer = await this.parts.sessions.startGuest();
    await this.parts.keepAccount.run({ userId: payer.userId, name: 'Sanne', pin: PIN });
    if (walletMinor > 0n) {
      const card = { method: 'card', cardToken: 'pm_card_visa' } as const;
      await this.parts.topUp.run({ userId: payer.userId, amountMinor: walletMinor, ...card });
    }
    return payer;
  }

  orderRequest(over: Partial<OpenOrderRequest> = {}): OpenOrderRequest {
    this.orders += 1;
    return {
      ...{ mchid: MCHID, appid: APPID, outTradeNo: `order-${String(this.orders)}` },
      ...{ description: 'Coffee', attach: null, notifyUrl: 'https://cafe.test/notify' },
      ...{ amountMinor: 1_000n, currency: 'EUR', timeExpire: null, tradeType: 'JSAPI' },
      ...{ openid: null, extra: {} },
      ...over,
    };
  }

  /** What `wx.requestPayment` hands over for a ticket. */
  callOf(prepayId: string, over: { appid?: string; package?: string } = {}) {
    const appid = over.appid ?? APPID;
    const [timeStamp, nonceStr] = ['1790000000', randomText(16, this.random)];
    const text = over.package ?? `prepay_id=${prepayId}`;
    const paySign = createSign('RSA-SHA256')
      .update(`${appid}\n${timeStamp}\n${nonceStr}\n${text}\n`)
      .sign(this.merchantKey, 'base64');
    return { appid, timeStamp, nonceStr, package: text, signType: 'RSA', paySign };
  }

  /** A fresh order with an open sheet. */
  async sheet(userId: string, over: Partial<OpenOrderRequest> = {}) {
    const request = this.orderRequest(over);
    const { prepayId } = await this.parts.openOrder.run(request);
    const { attempt } = await this.parts.openAttempt.byCall(userId, this.callOf(prepayId));
    return { attemptId: attempt.id, orderId: attempt.orderId, prepayId, request };
  }

  confirm(attemptId: string, userId: string, method: 'wallet' | 'ideal'): Promise<Attempt> {
    const returnUrl = `http://localhost:8080/checkout/return/${attemptId}`;
    return this.parts.confirmAttempt.run({ attemptId, userId, method, pin: PIN, returnUrl });
  }

  async stateOf(request: { outTradeNo: string }): Promise<string> {
    return (await this.parts.findOrder.byOutTradeNo(MCHID, request.outTradeNo)).state;
  }

  /** Starts the loops as a process does, until `look` is satisfied, and stops them again. */
  async work(what: string, look: () => Promise<boolean>): Promise<void> {
    await this.parts.work.onApplicationBootstrap();
    try {
      await eventually(what, look);
    } finally {
      await this.parts.work.beforeApplicationShutdown();
      this.parts = this.assemble();
    }
  }

  /** Works until nothing is due, and on what that made due, and on what that did. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) await this.settleOnce();
  }

  private async settleOnce(): Promise<void> {
    await this.work('everything is settled', async () => {
      const [row] = await this.query<{ open: boolean }>(
        `select exists (select 1 from orders.outbox where sent_at is null)
           or exists (select 1 from orders.refund where work_at <= $1)
           or exists (select 1 from orders.attempt where ask_at <= $1)
           or exists (select 1 from orders.top_up where ask_at <= $1)
           or exists (select 1 from orders.dispute where ask_at <= $1)
           or exists (select 1 from orders.psp_inbox where work_at <= $1) as open`,
        [this.clock.now()],
      );
      return row?.open === false;
    });
  }

  /** How often the ledger booked a command of this kind for this business id. */
  booked(kind: string, id: string): number {
    return this.ledger.posted.filter(
      (command) => command.kind === kind && JSON.stringify(command).includes(id),
    ).length;
  }
}

/** The code with which `work` is refused. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'not refused';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
