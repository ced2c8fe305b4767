import { Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import type { Money } from '@stuiver/money';
import type { Clock, CrashPoints, Random } from '@stuiver/ports';
import { type PspAccount, PspUnknownOutcome } from '@stuiver/psp';
import type { PspPayoutRequest, PspPayoutRequests } from './recon-ports.js';

/** A PSP forgets an idempotency key after a day; after this we look for the payout instead of asking again. */
const KEY_MS_MAX = 23 * 3_600_000;

export interface PspPayoutAnswer {
  readonly id: string;
  /** `requested`: the outcome is not known, and asked for until it is. */
  readonly state: 'requested' | 'sent';
  readonly pspPayoutId: string | null;
}

/** Sends what the PSP holds for us to our bank account. On record before the PSP is asked, with one key for ever. */
export class PspPayOut {
  constructor(
    private readonly requests: PspPayoutRequests,
    private readonly psp: Pick<PspAccount, 'payOut'>,
    private readonly tools: { clock: Clock; random: Random; crash: CrashPoints; wake: () => void },
  ) {}

  /** @throws Refusal PSP_REFUSED; STATE_CONFLICT while the outcome of an earlier one is unknown. */
  async run(request: { amount: Money; by: string }): Promise<PspPayoutAnswer> {
    const { amount, by } = request;
    const at = this.tools.clock.now();
    const id = newId('PspPayout', at, this.tools.random);
    await this.requests.insert({ id, amount, by, at });
    this.tools.crash.pass('payout.psp-payout-recorded');
    return this.ask({ id, amount, askedAt: at, state: 'requested', pspPayoutId: null });
  }

  /** Those of unknown outcome are asked about. */
  async carryOn(): Promise<void> {
    for (const request of await this.requests.unknown()) {
      const found = await this.requests.findByReference(request.id);
      if (found !== undefined) await this.requests.saveSent(request.id, found);
      else if (this.isKeyAlive(request)) await this.ask(request).catch(ignoreRefusal);
      else await this.requests.saveRefused(request.id, 'the PSP never made it');
    }
  }

  private isKeyAlive({ askedAt }: PspPayoutRequest): boolean {
    return this.tools.clock.now().getTime() - askedAt.getTime() < KEY_MS_MAX;
  }

  private async ask({ id, amount }: PspPayoutRequest): Promise<PspPayoutAnswer> {
    try {
      const { id: pspPayoutId } = await this.psp.payOut({
        ...{ reference: id, amount, idempotencyKey: id },
      });
      this.tools.crash.pass('payout.psp-payout-asked');
      await this.requests.saveSent(id, pspPayoutId);
      this.tools.wake();
      return { id, state: 'sent', pspPayoutId };
    } catch (error) {
      if (error instanceof PspUnknownOutcome) return { id, state: 'requested', pspPayoutId: null };
      if (error instanceof Refusal && error.code === 'PSP_REFUSED') {
        await this.requests.saveRefused(id, error.facts['reason'] ?? error.message);
      }
      throw error;
    }
  }
}

/** Written down with the request. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'PSP_REFUSED')) throw error;
}
