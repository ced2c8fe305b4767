import assert from 'node:assert/strict';
import type { Money } from '@stuiver/money';
import { SystemClock } from '@stuiver/ports';
import type { PspAccount, PspAccountWorld, PspPayoutState } from '@stuiver/psp';
import { StripeAccount } from '@stuiver/psp-stripe';
import { BankDesk } from './bank-desk.js';
import { KEY, type Message, SandboxWorld, SECRET } from './sandbox-world.js';

/** The sandbox seen by whoever pays out from it. */
export class AccountWorld implements PspAccountWorld {
  readonly account: PspAccount;

  private constructor(readonly sandbox: SandboxWorld) {
    this.account = new StripeAccount({
      ...{ secretKey: KEY, webhookSecret: SECRET, timeoutMs: 5_000, clock: new SystemClock() },
      apiBase: new URL(sandbox.url),
    });
  }

  static async open(): Promise<AccountWorld> {
    return new AccountWorld(await SandboxWorld.open());
  }

  async earn(amount: Money, reference: string): Promise<string> {
    const { pspReference, state } = await this.sandbox.psp.openPayment({
      ...{ reference, amount, method: 'card', cardToken: 'pm_card_bypassPending' },
      ...{ description: 'Café', returnUrl: 'https://shop.test/', idempotencyKey: reference },
      destination: null,
    });
    assert.equal(state, 'succeeded');
    return pspReference;
  }

  async giveBack(pspReference: string, amount: Money, refundId: string): Promise<string> {
    const idempotencyKey = refundId;
    const refund = await this.sandbox.psp.refund({
      ...{ refundId, pspReference, amount, idempotencyKey },
      ...{ reverseTransfer: false, returnFee: false },
    });
    return refund.pspReference;
  }

  async letTimePass(): Promise<void> {
    const answer = await new BankDesk(this.sandbox).move({ advance_days: 7 });
    assert.equal(answer.status, 200);
  }

  async failPayout(pspPayoutId: string): Promise<void> {
    const answer = await this.sandbox.behind(`/_test/payouts/${pspPayoutId}/fail`, {});
    assert.equal(answer.status, 200);
  }

  async loseNextAnswer(): Promise<void> {
    await this.sandbox.loseNextAnswer();
  }

  async throttleNext(): Promise<void> {
    await this.sandbox.behind('/_test/faults', { path: '/v1/', effect: 'answer-429' });
  }

  messageAbout({ id }: PspPayoutState): Promise<Message> {
    return this.sandbox.told(id, 'payout.created');
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}
