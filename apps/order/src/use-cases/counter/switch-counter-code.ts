import { Refusal } from '@stuiver/errors';
import type { AuditAct, Clock, Log } from '@stuiver/ports';
import type { CounterCode } from '../../domain/counter-code.js';
import type { CloseOrder } from '../close-order.js';
import type { CounterStore, LivingOrder } from './counter-ports.js';
import { subjectOf } from './make-counter-code.js';

export interface SwitchedCode {
  readonly code: CounterCode;
  /** Payments that are under way all the same: their payers are at the bank. */
  readonly underWay: number;
}

/** Switches a printed code off and on again, or withdraws a payment link for ever. Safe to repeat. */
export class SwitchCounterCode {
  constructor(
    private readonly counter: Pick<CounterStore, 'run'>,
    private readonly closeOrder: CloseOrder,
    private readonly tools: { clock: Clock; log: Log },
  ) {}

  /** @throws Refusal NOT_FOUND; STATE_CONFLICT for a link that is to be good again */
  async run(which: { mchid: string; id: string }, isOn: boolean): Promise<SwitchedCode> {
    const { code, living } = await this.counter.run(async (writes) => {
      const known = await writes.lockCode(which);
      if (known === undefined) throw new Refusal('NOT_FOUND', { code: which.id });
      if ((known.withdrawnAt === null) === isOn) return { code: known, living: [] };
      if (known.kind === 'link' && isOn) {
        throw new Refusal('STATE_CONFLICT', { rule: 'a withdrawn link stays withdrawn' });
      }
      const withdrawnAt = isOn ? null : this.tools.clock.now();
      await writes.saveWithdrawn(known.id, withdrawnAt);
      await writes.audit({ act: actOf(known, isOn), subject: subjectOf(known) });
      const living = isOn ? [] : await writes.livingOrders(known);
      return { code: { ...known, withdrawnAt }, living };
    });
    const open = living.filter(({ isPaid }) => !isPaid);
    const left = await Promise.all(open.map((each) => this.close(code.mchid, each)));
    return { code, underWay: left.filter(Boolean).length };
  }

  /** What a payer has before them is closed too. @returns whether its payment is under way, or was first. */
  private async close(mchid: string, { orderId, outTradeNo }: LivingOrder): Promise<boolean> {
    try {
      await this.closeOrder.run({ mchid, outTradeNo });
      return false;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.tools.log.info('an order outlives its code', { order_id: orderId, code: error.code });
      return true;
    }
  }
}

function actOf({ kind }: CounterCode, isOn: boolean): AuditAct {
  if (kind === 'link') return 'payment-link-withdrawn';
  return isOn ? 'counter-code-switched-on' : 'counter-code-switched-off';
}
