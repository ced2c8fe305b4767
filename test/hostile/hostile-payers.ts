import type { DemoMerchant, DemoPayer, RunningStuiver } from '@stuiver/testing';
import { type MerchantClient, merchantClient } from '../support/merchant-client.js';
import type { HostileOrder } from './plan.js';
import type { Psp } from './psp.js';

/** What the outside world was told about an order. */
export interface Told {
  readonly order: HostileOrder;
  /** The payer read "paid" on the sheet, or the merchant did when it asked. */
  paid: boolean;
  refundAccepted: boolean;
  /** Where the bank waits for a payer who has not answered yet. */
  waiting: string | null;
}

interface Shown {
  readonly attempt_id?: string;
  readonly err_msg?: string | null;
  readonly redirect_url?: string | null;
}

/** Nobody waits longer for an answer; it names what hangs. */
const ANSWER_MS_MAX = 60_000;
const AT_ONCE = 8;
const TRIES_MAX = 3;
const ORDER_LIFE_MS = 2 * 3_600_000;
const OK = 'requestPayment:ok';
const WATCH_MS = 3_000;
const CODE = /\/p\/([0-9A-Za-z_-]+)$/;

/** Payers and a merchant who do everything that a shop's worst day brings, through the doors that are there for them. */
export class HostilePayers {
  readonly told: Told[] = [];
  private readonly shop: MerchantClient;

  constructor(
    private readonly world: {
      stuiver: RunningStuiver;
      merchant: DemoMerchant;
      payers: readonly DemoPayer[];
      psp: Psp;
    },
  ) {
    this.shop = merchantClient(world.merchant);
  }

  async goThrough(orders: readonly HostileOrder[]): Promise<void> {
    const rest = orders.values();
    const walk = async (): Promise<void> => {
      for (const order of rest) await this.buy(order);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, walk));
  }

  /** Those who left the bank's page open answer now. */
  async answerLate(comesBack: HostileOrder['comesBack']): Promise<void> {
    for (const told of this.told) {
      if (told.order.comesBack !== comesBack || told.waiting === null) continue;
      await this.answerBank(told.waiting, told.order.bank, true);
      told.waiting = null;
    }
  }

  async stateOf(number: string): Promise<string> {
    const { mchid } = this.world.merchant;
    const path = `v3/pay/transactions/out-trade-no/${number}`;
    try {
      return String((await this.shop.get(path, { mchid }))['trade_state']);
    } catch (error) {
      if ((error as { response?: { status?: number } }).response?.status === 404) return 'NOTPAY';
      throw error;
    }
  }

  private async buy(order: HostileOrder): Promise<void> {
    const told: Told = { order, paid: false, refundAccepted: false, waiting: null };
    this.told.push(told);
    const code = await this.open(order);
    if (order.fault !== null && order.method !== 'wallet') {
      await this.world.psp.spoilNext(order.fault);
    }
    if (order.method === 'card') await this.payByCard(told, code);
    else if (order.method === 'wallet') await this.payFromWallet(told, code);
    else await this.payAtBank(told, code);
    if (told.paid && order.isRefunded) await this.refund(told);
  }

  private async open({ number, amountMinor }: HostileOrder): Promise<string> {
    const { merchant, stuiver } = this.world;
    const { code_url: url } = await this.shop.post('v3/pay/transactions/native', {
      ...{ appid: merchant.appid, mchid: merchant.mchid, description: number },
      ...{ out_trade_no: number, notify_url: `${stuiver.cafeUrl}/notify` },
      amount: { total: amountMinor, currency: 'EUR' },
      time_expire: wireTime(Date.now() + ORDER_LIFE_MS),
    });
    const code = CODE.exec(String(url))?.[1];
    if (code === undefined) throw new Error(`${number} got no code`);
    return code;
  }

  private async payByCard(told: Told, code: string): Promise<void> {
    const { order } = told;
    const { merchant, stuiver } = this.world;
    const outcome = order.bank === 'authorise' ? 'success' : 'fail';
    const { openid } = this.payerOf(order);
    const body = {
      ...{ code_url: `${merchant.base_url}/p/${code}`, openid, method: 'card', outcome },
    };
    const answers = await this.tap(order, () =>
      call(`${stuiver.apiUrl}/sandbox/pay`, { body }).then(
        (answer) => (answer as { errMsg?: string }).errMsg === OK,
      ),
    );
    if (answers.includes(true)) told.paid = true;
  }

  private async payFromWallet(told: Told, code: string): Promise<void> {
    const { order } = told;
    const { pin } = this.payerOf(order);
    for (let tries = 0; tries < TRIES_MAX && !told.paid; tries += 1) {
      const sheet = await this.sheet(order, code);
      const shown = await this.confirm(order, sheet, { method: 'wallet', pin });
      if (shown.err_msg === OK) told.paid = true;
      if (shown.err_msg !== null && shown.err_msg !== undefined) return;
    }
  }

  private async payAtBank(told: Told, code: string): Promise<void> {
    const { order } = told;
    const sheet = await this.sheet(order, code);
    const url = await this.toBank(order, sheet);
    if (url === null) return this.look(told, sheet);
    if (order.hasTwoTabs) return this.payInTwoTabs(told, code, url);
    if (order.comesBack === 'late' || order.comesBack === 'after-expiry') {
      told.waiting = url;
      return;
    }
    await this.answerBank(url, order.bank, order.comesBack === 'now');
    if (order.comesBack === 'now') await this.look(told, sheet);
  }

  /** Both tabs stand at the bank, if they can, and both are authorised at once. */
  private async payInTwoTabs(told: Told, code: string, first: string): Promise<void> {
    const { order } = told;
    const sheet = await this.sheet(order, code);
    const second = await this.toBank(order, sheet);
    const tabs = second === null ? [first] : [first, second];
    await Promise.all(
      tabs.map((url) => this.answerBank(url, 'authorise', order.comesBack === 'now')),
    );
    await this.look(told, sheet);
  }

  /** @returns where the bank waits; null when nobody could say. */
  private async toBank(order: HostileOrder, sheet: string | null): Promise<string | null> {
    const { redirect_url: url, err_msg: said } = await this.confirm(order, sheet, {
      method: 'ideal',
    });
    if (url !== null && url !== undefined) return url;
    if (sheet === null || typeof said === 'string') return null;
    const watched = await this.watch(order, sheet, `?wait_ms=${String(WATCH_MS)}&seen=unknown`);
    return watched.redirect_url ?? null;
  }

  private async look(told: Told, sheet: string | null): Promise<void> {
    if (sheet === null) return;
    if ((await this.watch(told.order, sheet, '')).err_msg === OK) told.paid = true;
  }

  private watch(order: HostileOrder, sheet: string, query: string): Promise<Shown> {
    return this.checkout(order, `/${sheet}${query}`);
  }

  private async sheet(order: HostileOrder, code: string): Promise<string | null> {
    return (await this.checkout(order, '/by-code', { code })).attempt_id ?? null;
  }

  private async confirm(order: HostileOrder, sheet: string | null, how: object): Promise<Shown> {
    if (sheet === null) return {};
    const answers = await this.tap(order, () => this.checkout(order, `/${sheet}/confirm`, how));
    return answers.find(({ redirect_url: url }) => typeof url === 'string') ?? answers.at(-1) ?? {};
  }

  private checkout(order: HostileOrder, path: string, body?: object): Promise<Shown> {
    const { token } = this.payerOf(order);
    const url = `${this.world.stuiver.apiUrl}/checkout/attempts${path}`;
    return call(url, { token, ...(body === undefined ? {} : { body }) });
  }

  /** A finger that trembles taps twice, at once. */
  private tap<T>({ isTappedTwice }: HostileOrder, one: () => Promise<T>): Promise<T[]> {
    return Promise.all(Array.from({ length: isTappedTwice ? 2 : 1 }, one));
  }

  private async answerBank(
    url: string,
    outcome: HostileOrder['bank'],
    comesBack: boolean,
  ): Promise<void> {
    const body = new URLSearchParams({ outcome });
    const given = { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS_MAX) } as const;
    const answer = await fetch(url, { method: 'POST', body, ...given });
    await answer.arrayBuffer();
    const back = answer.headers.get('location');
    if (!comesBack || back === null) return;
    await (await fetch(back, given)).arrayBuffer();
  }

  private async refund(told: Told): Promise<void> {
    const { number, amountMinor } = told.order;
    await this.shop.post('v3/refund/domestic/refunds', {
      ...{ out_trade_no: number, out_refund_no: `${number}-r` },
      amount: { refund: amountMinor, total: amountMinor, currency: 'EUR' },
    });
    told.refundAccepted = true;
  }

  private payerOf({ payerPlace }: HostileOrder): DemoPayer {
    const payer = this.world.payers[payerPlace];
    if (payer === undefined) throw new Error('the plan names payers that are there');
    return payer;
  }
}

function wireTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, '+00:00');
}

/** What is refused is told in the body; what gave no answer is an empty one. */
async function call(url: string, options: { token?: string; body?: object }): Promise<Shown> {
  const { token, body } = options;
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  return (await answer.json()) as Shown;
}
