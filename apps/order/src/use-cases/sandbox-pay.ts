import { setTimeout as rest } from 'node:timers/promises';
import { Refusal } from '@stuiver/errors';
import { errMsgOf, failMessage, PENDING } from '../domain/attempt-result.js';
import { hasEnded } from '../domain/attempt-states.js';
import type { Attempt } from '../domain/attempt.js';
import type { Order, PayMethod, Prepay } from '../domain/order.js';
import type { CancelAttempt } from './cancel-attempt.js';
import type { ConfirmAttempt } from './confirm-attempt.js';
import type { DemoPayer, DemoPayers } from './demo-payers.js';
import type { OpenAttempt } from './open-attempt.js';
import type { Openids, OrderStore } from './ports.js';
import type { ResolveAttempt } from './resolve-attempt.js';

export interface SandboxPayment {
  readonly ticket: { readonly prepayId: string } | { readonly code: string };
  readonly openid: string | null;
  readonly method: PayMethod;
  readonly outcome: 'success' | 'cancel' | 'fail' | 'abandon';
}

/** The bank's page, operated as a browser would. */
export interface BankPage {
  press(url: string, button: 'authorise' | 'fail'): Promise<void>;
}

const CARDS = { success: 'pm_card_visa', fail: 'pm_card_chargeDeclined' } as const;
const ANSWER_MS_MAX = 15_000;
const LOOK_MS = 100;

/**
 * Pays as the payer would, through the same use cases as the sheet, so that a developer's tests need no browser.
 *
 * Source: docs, the stable interfaces; sandbox only.
 */
export class SandboxPay {
  private wrongPins: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly orders: Pick<OrderStore, 'prepay' | 'order'>,
    private readonly payers: { openids: Pick<Openids, 'userOf'>; demo: DemoPayers },
    private readonly sheet: {
      open: OpenAttempt;
      confirm: ConfirmAttempt;
      cancel: CancelAttempt;
      resolve: ResolveAttempt;
      checkPin: (who: { userId: string; pin: string }) => Promise<void>;
    },
    private readonly bank: { page: BankPage; returnUrlOf: (attemptId: string) => string },
  ) {}

  /** @throws Refusal PARAM_ERROR about the call itself; what a sheet would refuse comes back as `errMsg` */
  async run(request: SandboxPayment): Promise<{ errMsg: string; tradeState: Order['state'] }> {
    const prepay = await this.orders.prepay(request.ticket);
    if (prepay === undefined) throw wrong('prepay_id', 'must be a ticket or code that was given');
    const order = await this.orderOf(prepay);
    const userId = await this.payerOf(order, request.openid);
    const errMsg = await this.pay(request, prepay, userId).catch(errMsgOfRefusal);
    return { errMsg, tradeState: (await this.orderOf(prepay)).state };
  }

  private async orderOf(prepay: Prepay): Promise<Order> {
    const order = await this.orders.order({ id: prepay.orderId });
    if (order === undefined) throw new Refusal('NOT_FOUND');
    return order;
  }

  private async payerOf(order: Order, openid: string | null): Promise<string> {
    if (openid !== null) {
      const userId = await this.payers.openids.userOf(order.appid, openid);
      if (userId !== undefined) return userId;
      throw wrong('openid', "must be an openid under the order's appid");
    }
    if (order.userId !== null) return order.userId;
    const [payer] = await this.payers.demo.all();
    if (payer !== undefined) return payer.userId;
    throw wrong('openid', 'is required while there are no demo payers');
  }

  private async pay(request: SandboxPayment, prepay: Prepay, userId: string): Promise<string> {
    const { ticket, outcome } = request;
    const opened =
      'code' in ticket
        ? await this.sheet.open.byCode(userId, ticket.code)
        : await this.sheet.open.byPrepayId(userId, prepay.prepayId);
    const who = { attemptId: opened.attempt.id, userId };
    if (outcome === 'cancel') return saidBy(await this.sheet.cancel.run(who));
    if (request.method === 'wallet') return this.payFromWallet(who, outcome);
    if (request.method === 'card') return this.payByCard(who, outcome);
    return this.payAtBank(who, outcome);
  }

  private async payFromWallet(who: Who, outcome: 'success' | 'fail' | 'abandon'): Promise<string> {
    if (outcome === 'abandon') return PENDING;
    const payer = await this.payers.demo.byUserId(who.userId);
    if (outcome === 'fail') return this.typeWrongPin(who, payer);
    const { pin } = payer;
    return saidBy(
      await this.sheet.confirm.run({ ...who, ...this.way(who), method: 'wallet', pin }),
    );
  }

  /** One wrong PIN at a time, and the right one after it: a developer who tests failing is never locked out. */
  private async typeWrongPin(who: Who, payer: DemoPayer): Promise<string> {
    const turn = this.wrongPins.then(async () => {
      const pin = payer.pin === '000000' ? '000001' : '000000';
      const confirm = { ...who, ...this.way(who), method: 'wallet', pin } as const;
      const errMsg = await this.sheet.confirm.run(confirm).then(saidBy, errMsgOfRefusal);
      await this.sheet.checkPin({ userId: who.userId, pin: payer.pin });
      await this.sheet.cancel.run(who);
      return errMsg;
    });
    this.wrongPins = turn.catch(() => undefined);
    return turn;
  }

  private async payByCard(who: Who, outcome: 'success' | 'fail' | 'abandon'): Promise<string> {
    if (outcome === 'abandon') return PENDING;
    const card = { method: 'card', cardToken: CARDS[outcome] } as const;
    return saidBy(await this.sheet.confirm.run({ ...who, ...this.way(who), ...card }));
  }

  private async payAtBank(who: Who, outcome: 'success' | 'fail' | 'abandon'): Promise<string> {
    const confirmed = await this.sheet.confirm.run({ ...who, ...this.way(who), method: 'ideal' });
    const { redirectUrl } = confirmed;
    if (outcome === 'abandon' || redirectUrl === null) return saidBy(confirmed);
    await this.bank.page.press(redirectUrl, outcome === 'success' ? 'authorise' : 'fail');
    return saidBy(await this.waitForEnd(who.attemptId));
  }

  private async waitForEnd(attemptId: string): Promise<Attempt> {
    const until = performance.now() + ANSWER_MS_MAX;
    for (;;) {
      const attempt = await this.sheet.resolve.run(attemptId);
      if (hasEnded(attempt.state) || performance.now() >= until) return attempt;
      await rest(LOOK_MS);
    }
  }

  private way(who: Who): { returnUrl: string } {
    return { returnUrl: this.bank.returnUrlOf(who.attemptId) };
  }
}

interface Who {
  readonly attemptId: string;
  readonly userId: string;
}

function saidBy(attempt: Attempt): string {
  return errMsgOf(attempt) ?? PENDING;
}

/** As the bridge does: what the sheet refuses is a fail to the mini-program. */
function errMsgOfRefusal(error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  if (error.code === 'PIN_WRONG') return failMessage('the PIN is wrong');
  if (error.code === 'PIN_LOCKED') return failMessage('the PIN is locked');
  const said = error.facts['err_msg'];
  if (said === undefined) throw error;
  return said;
}

function wrong(field: string, rule: string): Refusal {
  return new Refusal('PARAM_ERROR', { field, rule });
}
