import { createVerify } from 'node:crypto';
import { Refusal, type RefusalCode } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import { failMessage } from '../domain/attempt-result.js';
import { isOutOfOurHands } from '../domain/attempt-states.js';
import type { Attempt } from '../domain/attempt.js';
import type { Order, Prepay } from '../domain/order.js';
import type { EndAttempt } from './end-attempt.js';
import type { OpenidBook } from './openid-book.js';
import type { Directory, MiniProgram, OrderStore, OrderWrites } from './ports.js';

/** What a mini-program hands to `requestPayment`, and which mini-program is running. */
export interface PaymentCall {
  readonly appid: string;
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: string;
  readonly paySign: string;
}

export interface OpenedAttempt {
  readonly attempt: Attempt;
  readonly order: Order;
  readonly prepay: Prepay;
  readonly payee: MiniProgram;
}

const PACKAGE = /^prepay_id=([0-9A-Za-z_-]{1,64})$/;

/**
 * Opens a sheet on an order. Nothing the page says about payee or amount counts: the signature proves that the
 * merchant's server wants this order paid, and everything else is the order's.
 *
 * Source: the requestPayment contract, section 2.1. Every refusal carries `err_msg` for the mini-program.
 */
export class OpenAttempt {
  constructor(
    private readonly orders: Pick<OrderStore, 'run' | 'prepay' | 'order'>,
    private readonly known: { directory: Directory; openids: OpenidBook },
    private readonly endAttempt: EndAttempt,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** @throws Refusal PARAM_ERROR, PAY_SIGN_WRONG, NO_AUTH, ORDER_ALREADY_PAID, ORDER_IS_CLOSED, ORDER_IS_EXPIRED, ANOTHER_ATTEMPT_OPEN */
  async byCall(userId: string, call: PaymentCall): Promise<OpenedAttempt> {
    if (call.signType !== 'RSA') {
      throw refuse('PARAM_ERROR', 'signType must be RSA', {
        field: 'signType',
        rule: 'must be RSA',
      });
    }
    const payee = await this.known.directory.miniProgram(call.appid);
    if (payee === undefined) {
      throw refuse('PARAM_ERROR', 'appid is unknown', {
        field: 'appid',
        rule: 'must be a mini-program',
      });
    }
    await this.checkSignature(payee, call);
    const prepayId = PACKAGE.exec(call.package)?.[1];
    const prepay = prepayId === undefined ? undefined : await this.orders.prepay({ prepayId });
    return this.open(userId, { prepay, payee, field: 'package' });
  }

  /** For a scanned native code, which its merchant's server got from us. @throws Refusal as `byCall` */
  async byCode(userId: string, code: string): Promise<OpenedAttempt> {
    return this.open(userId, {
      prepay: await this.orders.prepay({ code }),
      payee: undefined,
      field: 'code',
    });
  }

  /** In sandbox, as the payer would: by a ticket that its merchant's server got from us. @throws Refusal as `byCall` */
  async byPrepayId(userId: string, prepayId: string): Promise<OpenedAttempt> {
    return this.open(userId, {
      prepay: await this.orders.prepay({ prepayId }),
      payee: undefined,
      field: 'prepay_id',
    });
  }

  private async checkSignature(payee: MiniProgram, call: PaymentCall): Promise<void> {
    const message = `${call.appid}\n${call.timeStamp}\n${call.nonceStr}\n${call.package}\n`;
    const keys = await this.known.directory.liveMerchantKeys(payee.mchid, this.tools.clock.now());
    const signature = Buffer.from(call.paySign, 'base64');
    const fits = keys.some((key) =>
      createVerify('RSA-SHA256').update(message).verify(key, signature),
    );
    if (fits) return;
    throw refuse('PAY_SIGN_WRONG', 'paySign is wrong', {
      field: 'paySign',
      rule: 'must be RSA-SHA256 over appId, timeStamp, nonceStr and package, each followed by a line feed, by the merchant key',
    });
  }

  private async open(
    userId: string,
    asked: { prepay: Prepay | undefined; payee: MiniProgram | undefined; field: string },
  ): Promise<OpenedAttempt> {
    const { prepay, field } = asked;
    const order = prepay && (await this.orders.order({ id: prepay.orderId }));
    const payee = asked.payee ?? (order && (await this.known.directory.miniProgram(order.appid)));
    if (prepay === undefined || order === undefined || payee?.appid !== order.appid) {
      const rule = 'must name a ticket that was issued for this mini-program';
      throw refuse('PARAM_ERROR', `${field} does not exist`, { field, rule });
    }
    this.checkPayable(order, prepay);
    if (order.userId !== null && order.userId !== userId) {
      throw refuse('NO_AUTH', 'the order is for another payer', {
        rule: 'the order names its payer',
      });
    }
    await this.known.openids.ensure(order.appid, userId);
    return { ...(await this.newSheet(userId, order, prepay)), prepay, payee };
  }

  /** An attempt that is out of our hands is ended before a new sheet opens; if nobody can end it, it is the sheet. */
  private async newSheet(
    userId: string,
    order: Order,
    prepay: Prepay,
  ): Promise<{ attempt: Attempt; order: Order }> {
    const opened = await this.insertUnlessOpen(userId, order, prepay);
    if (opened.attempt.state === 'created') return opened;
    if (opened.attempt.userId !== userId) {
      const rule = 'another payer is paying this order';
      throw refuse('ANOTHER_ATTEMPT_OPEN', 'another payment is in progress', { rule });
    }
    const ended = await this.endAttempt.run(opened.attempt.id);
    if (isOutOfOurHands(ended.state)) return { attempt: ended, order };
    return this.insertUnlessOpen(userId, order, prepay);
  }

  private insertUnlessOpen(
    userId: string,
    known: Order,
    prepay: Prepay,
  ): Promise<{ attempt: Attempt; order: Order }> {
    return this.orders.run(async (writes) => {
      const order = (await writes.lockOrder({ id: known.id })) ?? known;
      this.checkPayable(order, prepay);
      const attempts = await writes.attemptsOf(order.id);
      const open = attempts.find((attempt) => isOutOfOurHands(attempt.state));
      return { order, attempt: open ?? (await this.insert(writes, userId, prepay)) };
    });
  }

  private async insert(writes: OrderWrites, userId: string, prepay: Prepay): Promise<Attempt> {
    const createdAt = this.tools.clock.now();
    const attempt: Attempt = {
      id: newId('Attempt', createdAt, this.tools.random),
      ...{ orderId: prepay.orderId, prepayId: prepay.prepayId, userId, createdAt },
      ...{ state: 'created', method: null, pspReference: null, redirectUrl: null },
      ...{ fee: null, feeVat: null, priceVersionId: null },
      ...{ pspAccount: null, metadataSha256: null, contentSalt: null },
      ...{ returnUrl: null, cardToken: null, failure: null, confirmedAt: null, endedAt: null },
      ...{ askAt: null, askedCount: 0, heldUntil: null },
    };
    await writes.insertAttempt(attempt);
    return attempt;
  }

  private checkPayable(order: Order, prepay: Prepay): void {
    checkOrderPayable(order, this.tools.clock.now());
    if (prepay.retiredAt !== null || prepay.expiresAt <= this.tools.clock.now()) {
      throw refuse('ORDER_IS_EXPIRED', 'the prepay_id is expired', {
        rule: 'a ticket is good for two hours, and a native code until the next one',
      });
    }
  }
}

/** @throws Refusal ORDER_ALREADY_PAID, ORDER_IS_CLOSED, ORDER_IS_EXPIRED */
export function checkOrderPayable(order: Order, now: Date): void {
  if (order.payment !== null) throw refuse('ORDER_ALREADY_PAID', 'the order is already paid');
  if (order.state === 'CLOSED') throw refuse('ORDER_IS_CLOSED', 'the order is closed');
  if (order.expiresAt <= now) throw refuse('ORDER_IS_EXPIRED', 'the order is expired');
}

function refuse(code: RefusalCode, reason: string, facts: Record<string, string> = {}): Refusal {
  return new Refusal(code, { ...facts, err_msg: failMessage(reason) });
}
