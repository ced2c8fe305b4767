import { Refusal } from '@stuiver/errors';
import type { CardFields, PayIn } from '@stuiver/psp';
import type { Attempt } from '../domain/attempt.js';
import type { Order } from '../domain/order.js';
import type { OrderStore } from './ports.js';

/** What the card page needs to let the PSP's own fields take the card. */
export interface OpenedCardFields extends CardFields {
  readonly order: Order;
  readonly attempt: Attempt;
  /** For this payer's browser alone: not kept, not logged. Null: a card was given already, and the attempt tells the rest. */
  readonly secret: string | null;
}

/** A payer typing a card: the PSP is asked for the payment's secret each time, so that it lies nowhere with us. */
export class OpenCardFields {
  constructor(
    private readonly orders: Pick<OrderStore, 'attempt' | 'order'>,
    private readonly psp: Pick<PayIn, 'findPayment'>,
    private readonly fields: CardFields | undefined,
  ) {}

  /** @throws Refusal NOT_FOUND, also for somebody else's attempt and for one that no card pays; PspUnknownOutcome. */
  async run(request: { attemptId: string; userId: string }): Promise<OpenedCardFields> {
    const attempt = await this.orders.attempt(request.attemptId);
    if (attempt?.userId !== request.userId || attempt.method !== 'card') {
      throw new Refusal('NOT_FOUND');
    }
    const order = await this.orders.order({ id: attempt.orderId });
    if (order === undefined || this.fields === undefined) throw new Refusal('NOT_FOUND');
    return { ...this.fields, order, attempt, secret: await this.secretOf(attempt) };
  }

  private async secretOf({ state, pspReference }: Attempt): Promise<string | null> {
    if (state !== 'redirected' || pspReference === null) return null;
    return (await this.psp.findPayment({ pspReference }))?.fieldsSecret ?? null;
  }
}
