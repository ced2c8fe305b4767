import { Refusal } from '@stuiver/errors';
import { randomDigits } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import type { OpenOrder, OpenOrderRequest } from '../open-order.js';
import type { Wake } from '../ports.js';
import type { CounterOrder, CounterRequest, CounterStore } from './counter-ports.js';

export interface TillOrderRequest {
  readonly mchid: string;
  /** The cashier. */
  readonly staffId: string;
  /** The page's own: the same twice is one order. */
  readonly requestId: string;
  readonly amountMinor: bigint;
  /** What it is for, as the payer reads it. */
  readonly note: string | null;
}

const TILL_ORDER_LIFE_MS = 10 * 60_000;
const NUMBER_DIGITS = 20;
const WITHOUT_A_NOTE = 'Kassa';

/** A cashier opens an order for an amount: the merchant needs no server and no keys. Safe to repeat. */
export class OpenTillOrder {
  constructor(
    private readonly counter: Pick<CounterStore, 'run' | 'appidOf'>,
    private readonly openOrder: OpenOrder,
    private readonly tools: { clock: Clock; random: Random; wake: Wake },
  ) {}

  /** @throws Refusal PARAM_ERROR; STATE_CONFLICT when the request id was used for another amount */
  async run(asked: TillOrderRequest): Promise<CounterOrder> {
    const { mchid, staffId } = asked;
    const request = { mchid, key: `till/${staffId}/${asked.requestId}` };
    const wanted = this.orderOf(asked, await this.counter.appidOf(mchid));
    const opened = await this.counter.run(async (writes) => {
      await writes.lockRequest(request);
      const known = await writes.counterOrder(request);
      if (known !== undefined) return sameAs(known, wanted, request);
      const { order, prepay } = await this.openOrder.openWithin(writes, wanted);
      const origin = { kind: 'till', staffId } as const;
      await writes.insertCounterOrder({ order, request, origin });
      const subject = { kind: 'order', id: order.id } as const;
      const after = { mchid, amountMinor: order.amount.minor.toString() };
      await writes.audit({ act: 'till-order-opened', subject, after });
      return { order, kind: 'till' as const, code: prepay.code };
    });
    this.tools.wake.outbox();
    return opened;
  }

  private orderOf(asked: TillOrderRequest, appid: string): OpenOrderRequest {
    const { mchid, note, amountMinor } = asked;
    const description = note ?? WITHOUT_A_NOTE;
    return counterOrderOf({ mchid, appid, amountMinor, description }, 'till', {
      random: this.tools.random,
      timeExpire: new Date(this.tools.clock.now().getTime() + TILL_ORDER_LIFE_MS),
    });
  }
}

/** An order that the counter makes: its number is ours, and no server of the merchant's is told. */
export function counterOrderOf(
  what: Pick<OpenOrderRequest, 'mchid' | 'appid' | 'amountMinor' | 'description'>,
  prefix: 'till' | 'qr' | 'link',
  how: { random: Random; timeExpire: Date },
): OpenOrderRequest {
  return {
    ...what,
    outTradeNo: `${prefix}-${randomDigits(NUMBER_DIGITS, how.random)}`,
    timeExpire: how.timeExpire,
    ...{ attach: null, notifyUrl: '', currency: 'EUR', tradeType: 'NATIVE', openid: null },
    extra: {},
  };
}

function sameAs(
  known: CounterOrder,
  wanted: OpenOrderRequest,
  request: CounterRequest,
): CounterOrder {
  const { amount, description } = known.order;
  if (amount.minor === wanted.amountMinor && description === wanted.description) return known;
  throw new Refusal('STATE_CONFLICT', {
    field: 'requestId',
    rule: 'was used for an order with another amount or note',
    value: request.key,
  });
}
