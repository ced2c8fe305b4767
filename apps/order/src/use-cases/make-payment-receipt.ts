import {
  type LedgerPort,
  type LedgerReceipts,
  LedgerUnavailable,
  paymentCommand,
} from '@stuiver/contracts';
import { invariant, Refusal } from '@stuiver/errors';
import type { Receipt } from '@stuiver/proof';
import type { Attempt } from '../domain/attempt.js';
import type { Order } from '../domain/order.js';
import type { CommitMetadata } from './commit-metadata.js';
import { recordedPaymentFact } from './money-facts.js';
import { notOffered } from './not-offered.js';
import type { OrderStore } from './ports.js';

/** Who paid from a bank has no account here; the amount they gave is theirs to see all the same. */
const PAID = ['gross'];

/** Makes what proves a payment to somebody else, for who paid and for who was paid. Each sees their own sides of it. */
export class MakePaymentReceipt {
  constructor(
    private readonly orders: Pick<OrderStore, 'order' | 'attempt' | 'sealedMetadata'>,
    private readonly ledger: Pick<LedgerPort, 'submit'>,
    /** Undefined when this ledger signs nothing. */
    private readonly receipts: LedgerReceipts | undefined,
    private readonly metadata: CommitMetadata,
  ) {}

  /** @throws Refusal NOT_FOUND unless this very person paid it; SERVICE_UNAVAILABLE */
  async forPayer(userId: string, orderId: string): Promise<Receipt> {
    const { order, attempt } = await this.paid(orderId, (paid) => paid.payment?.userId === userId);
    return this.receipt(order, attempt, { owner: `user:${userId}`, purposes: PAID });
  }

  /** @throws Refusal NOT_FOUND unless it is this merchant's and paid; SERVICE_UNAVAILABLE */
  async forMerchant(mchid: string, orderId: string): Promise<Receipt> {
    const { order, attempt } = await this.paid(orderId, (paid) => paid.mchid === mchid);
    return this.receipt(order, attempt, { owner: `merchant:${mchid}`, purposes: [] });
  }

  private async paid(
    orderId: string,
    isTheirs: (order: Order) => boolean,
  ): Promise<{ order: Order; attempt: Attempt }> {
    const order = await this.orders.order({ id: orderId });
    if (order === undefined || order.payment === null || !isTheirs(order)) {
      throw new Refusal('NOT_FOUND', { field: 'order_id', value: orderId });
    }
    const attempt = await this.orders.attempt(order.payment.attemptId);
    invariant(attempt !== undefined, 'a payment has its attempt');
    return { order, attempt };
  }

  private async receipt(
    order: Order,
    attempt: Attempt,
    reader: Parameters<LedgerReceipts['receipt']>[1],
  ): Promise<Receipt> {
    if (this.receipts === undefined) throw notOffered('receipts');
    const command = paymentCommand(recordedPaymentFact(order, attempt));
    try {
      // The event that tells it may still be on its way.
      await this.ledger.submit(command);
      const receipt = await this.receipts.receipt(command.id, reader);
      const sealed = await this.orders.sealedMetadata(attempt.id);
      return { ...receipt, metadata: await this.metadata.open(attempt.id, attempt.userId, sealed) };
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      const rule = 'the ledger does not answer: try again in a moment';
      throw new Refusal('SERVICE_UNAVAILABLE', { rule }, { cause: error });
    }
  }
}
