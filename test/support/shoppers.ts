import type { DemoMerchant, DemoPayer, RunningStuiver } from '@stuiver/testing';
import { merchantClient } from './merchant-client.js';
import type { seeded } from './seeded.js';

/** What the outside world was promised. Amounts in minor units. */
export interface Promised {
  readonly number: string;
  /** Unlike that of any other order, so that a booking tells its order. */
  readonly amountMinor: number;
  /** The payer was told "paid". */
  paid: boolean;
  /** The merchant was told that the refund is accepted. */
  refundAccepted: boolean;
}

export interface ShoppersOptions {
  readonly stuiver: RunningStuiver;
  readonly merchant: DemoMerchant;
  readonly payers: readonly DemoPayer[];
  readonly chance: ReturnType<typeof seeded>;
  readonly ordersMax: number;
  readonly firstNumber: number;
}

const SHOPPERS = 3;
const CHEAPEST_MINOR = 100;
const TRIES_MAX = 3;

/** Orders, pays and refunds without a pause, as honest clients do: what gave no answer is asked again. */
export class Shoppers {
  readonly promises: Promised[] = [];
  private stopping = false;
  private readonly running: Promise<unknown>;

  constructor(private readonly options: ShoppersOptions) {
    this.running = Promise.all(Array.from({ length: SHOPPERS }, () => this.shop()));
  }

  paidCount(): number {
    return this.promises.filter(({ paid }) => paid).length;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async shop(): Promise<void> {
    while (!this.stopping && this.promises.length < this.options.ordersMax) {
      const place = this.options.firstNumber + this.promises.length;
      const promised = {
        number: `shop-${String(place).padStart(8, '0')}`,
        amountMinor: CHEAPEST_MINOR + place,
        paid: false,
        refundAccepted: false,
      };
      this.promises.push(promised);
      const method = this.options.chance.below(4) === 0 ? 'wallet' : 'ideal';
      const refunds = this.options.chance.below(8) === 0;
      const payer = this.options.chance.pick(this.options.payers);
      await this.buy(promised, method, payer);
      if (promised.paid && refunds) await this.refund(promised);
    }
  }

  private async buy(promised: Promised, method: string, payer: DemoPayer): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX && !promised.paid; tries += 1) {
      try {
        const prepayId = await this.order(promised, payer);
        const said = await this.pay(prepayId, method, payer);
        promised.paid = said === 'requestPayment:ok';
      } catch {
        // No answer, or a refusal of somebody who is coming up again: the same once more.
      }
    }
  }

  private async order({ number, amountMinor }: Promised, payer: DemoPayer): Promise<string> {
    const { merchant, stuiver } = this.options;
    const answer = await merchantClient(merchant).post('v3/pay/transactions/jsapi', {
      appid: merchant.appid,
      mchid: merchant.mchid,
      description: 'Koffie',
      out_trade_no: number,
      notify_url: `${stuiver.cafeUrl}/notify`,
      amount: { total: amountMinor, currency: 'EUR' },
      payer: { openid: payer.openid },
    });
    return String(answer['prepay_id']);
  }

  private async pay(prepayId: string, method: string, payer: DemoPayer): Promise<string> {
    const answer = await fetch(`${this.options.stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        prepay_id: prepayId,
        openid: payer.openid,
        method,
        outcome: 'success',
      }),
    });
    return ((await answer.json()) as { errMsg?: string }).errMsg ?? '';
  }

  private async refund(promised: Promised): Promise<void> {
    const { number, amountMinor } = promised;
    for (let tries = 0; tries < TRIES_MAX && !promised.refundAccepted; tries += 1) {
      try {
        await merchantClient(this.options.merchant).post('v3/refund/domestic/refunds', {
          out_trade_no: number,
          out_refund_no: `${number}-r`,
          amount: { refund: amountMinor, total: amountMinor, currency: 'EUR' },
        });
        promised.refundAccepted = true;
      } catch {
        // As above.
      }
    }
  }
}
