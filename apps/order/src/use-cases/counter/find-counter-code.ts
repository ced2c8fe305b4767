import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import {
  type CounterCode,
  type CounterCodeState,
  counterCodeState,
} from '../../domain/counter-code.js';
import type { CounterStore } from './counter-ports.js';

export interface FoundCode {
  readonly code: CounterCode;
  readonly state: CounterCodeState;
  readonly merchantName: string;
}

/** What a payer who opened a code sees before anything is made. */
export class FindCounterCode {
  constructor(
    private readonly counter: Pick<CounterStore, 'findCode' | 'paidCount'>,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal NOT_FOUND */
  async run(text: string): Promise<FoundCode> {
    const found = await this.counter.findCode(text);
    if (found === undefined) throw new Refusal('NOT_FOUND', { field: 'code' });
    const { merchantName, ...code } = found;
    const paid = code.paymentsMax === null ? 0 : await this.counter.paidCount(code.id);
    return { code, merchantName, state: counterCodeState(code, paid, this.clock.now()) };
  }
}
