import { invariant, Refusal } from '@stuiver/errors';
import { newId, randomHex, randomText } from '@stuiver/ids';
import { Money, isCurrency, type Currency } from '@stuiver/money';
import type { Clock, Random } from '@stuiver/ports';
import type { Order, Prepay, TradeType } from '../domain/order.js';
import { sameBytes, sha256OfRequest } from './canonical.js';
import type { Directory, Openids, OrderStore, OrderWrites, Wake } from './ports.js';

export interface OpenOrderRequest {
  readonly mchid: string;
  readonly appid: string;
  readonly outTradeNo: string;
  readonly description: string;
  readonly attach: string | null;
  readonly notifyUrl: string;
  readonly amountMinor: bigint;
  /** Absent means EUR; what is not enabled is refused. */
  readonly currency: string | undefined;
  /** Honoured at the first order only; less than a minute ahead is raised to a minute. */
  readonly timeExpire: Date | null;
  readonly tradeType: TradeType;
  readonly openid: string | null;
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface OpenedOrder {
  readonly prepayId: string;
  /** What a native order's QR code says; null for the others. */
  readonly code: string | null;
  readonly expiresAt: Date;
}

const PREPAY_LIFE_MS = 2 * 3_600_000;
const ORDER_LIFE_MS = 7 * 86_400_000;
const ORDER_LIFE_MS_MIN = 60_000;
const AMOUNT_MINOR_MAX = 999_999_999_999n;

/**
 * Opens an order, or gives a fresh ticket for the same one. Identical parameters may be repeated for as long as the
 * order is unpaid; a native order's older code dies.
 *
 * Source: the v3 contract, section 2.2.
 */
export class OpenOrder {
  constructor(
    private readonly orders: Pick<OrderStore, 'run'>,
    private readonly directory: Pick<Directory, 'miniProgram'>,
    private readonly openids: Pick<Openids, 'userOf'>,
    private readonly tools: { clock: Clock; random: Random; wake: Wake },
  ) {}

  /** @throws Refusal APPID_MCHID_NOT_MATCH, PARAM_ERROR, OUT_TRADE_NO_USED, ORDER_PAID, ORDER_CLOSED */
  async run(request: OpenOrderRequest): Promise<OpenedOrder> {
    const program = await this.directory.miniProgram(request.appid);
    if (program?.mchid !== request.mchid) {
      throw new Refusal('APPID_MCHID_NOT_MATCH', { appid: request.appid, mchid: request.mchid });
    }
    const fresh = this.orderOf(request, await this.payerOf(request));
    const parametersSha256 = parametersOf(request, fresh.amount.currency);

    const prepay = await this.orders.run(async (writes) => {
      const isNew = await writes.insertOrder({ order: fresh, parametersSha256 });
      if (isNew) await writes.say(openedFact(fresh));
      const order = isNew ? fresh : await this.openAgain(writes, fresh, parametersSha256);
      return this.issuePrepay(writes, order);
    });
    this.tools.wake.outbox();
    return { prepayId: prepay.prepayId, code: prepay.code, expiresAt: prepay.expiresAt };
  }

  /**
   * A native order within the transaction of who remembers why it is opened; its number is new and its appid the
   * merchant's own.
   *
   * @throws Refusal PARAM_ERROR
   */
  async openWithin(
    writes: OrderWrites,
    request: OpenOrderRequest,
  ): Promise<{ order: Order; prepay: Prepay }> {
    const order = this.orderOf(request, null);
    const parametersSha256 = parametersOf(request, order.amount.currency);
    const isNew = await writes.insertOrder({ order, parametersSha256 });
    invariant(isNew, 'a number that was just made is of no other order');
    await writes.say(openedFact(order));
    return { order, prepay: await this.issuePrepay(writes, order) };
  }

  private async payerOf(request: OpenOrderRequest): Promise<string | null> {
    if (request.openid === null) return null;
    const userId = await this.openids.userOf(request.appid, request.openid);
    if (userId !== undefined) return userId;
    throw new Refusal('PARAM_ERROR', {
      field: 'payer.openid',
      rule: 'must be an openid that wx.login gave under this appid',
      value: request.openid,
    });
  }

  private orderOf(request: OpenOrderRequest, userId: string | null): Order {
    const now = this.tools.clock.now();
    const { mchid, appid, outTradeNo, description, attach, notifyUrl, tradeType } = request;
    const { openid, extra } = request;
    return {
      id: newId('Order', now, this.tools.random),
      ...{ mchid, appid, outTradeNo, tradeType, description, attach, notifyUrl, openid, extra },
      ...{ userId, amount: amountOf(request), createdAt: now },
      state: 'NOTPAY',
      expiresAt: expiryOf(request.timeExpire, now),
      payment: null,
      refundedMinor: 0n,
      closedAt: null,
    };
  }

  private async openAgain(
    writes: OrderWrites,
    fresh: Order,
    parametersSha256: Uint8Array,
  ): Promise<Order> {
    const { mchid, outTradeNo } = fresh;
    const order = await writes.lockOrder({ mchid, outTradeNo });
    if (order === undefined) throw new Refusal('SYSTEM_ERROR', { out_trade_no: outTradeNo });
    if (!sameBytes(await writes.parametersOf(order.id), parametersSha256)) {
      throw new Refusal('OUT_TRADE_NO_USED', {
        field: 'out_trade_no',
        rule: 'was used for an order with other parameters',
        value: outTradeNo,
      });
    }
    if (order.payment !== null) throw new Refusal('ORDER_PAID', { out_trade_no: outTradeNo });
    if (order.state === 'CLOSED' || order.expiresAt <= this.tools.clock.now()) {
      throw new Refusal('ORDER_CLOSED', { out_trade_no: outTradeNo });
    }
    return order;
  }

  private async issuePrepay(writes: OrderWrites, order: Order): Promise<Prepay> {
    const { clock, random } = this.tools;
    const now = clock.now();
    const prepay: Prepay = {
      prepayId: `wx${randomHex(17, random)}`,
      orderId: order.id,
      code: order.tradeType === 'NATIVE' ? randomText(22, random) : null,
      createdAt: now,
      expiresAt: new Date(Math.min(now.getTime() + PREPAY_LIFE_MS, order.expiresAt.getTime())),
      retiredAt: null,
    };
    if (prepay.code !== null) await writes.retireCodes(order.id, now);
    await writes.insertPrepay(prepay);
    return prepay;
  }
}

function amountOf(request: OpenOrderRequest): Money {
  if (request.amountMinor < 1n || request.amountMinor > AMOUNT_MINOR_MAX) {
    throw new Refusal('PARAM_ERROR', {
      field: 'amount.total',
      rule: `must be a whole number of minor units from 1 to ${AMOUNT_MINOR_MAX.toString()}`,
      value: request.amountMinor.toString(),
    });
  }
  return Money.ofMinor(request.amountMinor, enabledCurrency(request.currency));
}

/** A wrong currency is never silently ours: WeChat's default, CNY, is refused like any other. */
export function enabledCurrency(asked: string | undefined): Currency {
  const currency = asked ?? 'EUR';
  if (isCurrency(currency)) return currency;
  throw new Refusal('PARAM_ERROR', {
    field: 'amount.currency',
    rule: 'must be a currency enabled for this merchant: EUR',
    value: currency,
  });
}

function expiryOf(asked: Date | null, now: Date): Date {
  if (asked === null) return new Date(now.getTime() + ORDER_LIFE_MS);
  return new Date(Math.max(asked.getTime(), now.getTime() + ORDER_LIFE_MS_MIN));
}

/** Everything that makes it the same order. `time_expire` is left out: a repeat cannot change it. */
function parametersOf(request: OpenOrderRequest, currency: Currency): Uint8Array {
  const { appid, description, attach, notifyUrl, amountMinor, tradeType, openid, extra } = request;
  return sha256OfRequest({
    ...{ appid, description, attach, notifyUrl, amountMinor, currency, tradeType, openid, extra },
  });
}

function openedFact(order: Order) {
  const { id, mchid, appid, outTradeNo, tradeType, description, amount } = order;
  return {
    type: 'order.opened.v1' as const,
    subject: id,
    data: {
      ...{ orderId: id, merchantId: mchid, appid, outTradeNo, tradeType, description },
      amountMinor: amount.minor.toString(),
      currency: amount.currency,
      expiresAt: order.expiresAt.toISOString(),
    },
  };
}
