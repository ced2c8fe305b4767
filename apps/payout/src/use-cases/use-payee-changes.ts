import type { Clock, CrashPoints, Log } from '@stuiver/ports';
import type { PayeeChanges } from './payee-ports.js';

/** Pays merchants where they asked to be paid once the cool-off is over, and gives up what nobody agreed to in time. */
export class UsePayeeChanges {
  constructor(
    private readonly changes: PayeeChanges,
    private readonly tools: { clock: Clock; crash: CrashPoints; log: Log },
  ) {}

  /** Safe to repeat. One that cannot be used keeps no other waiting. @throws AggregateError */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const id of await this.changes.due(this.tools.clock.now())) {
      await this.work(id).catch((error: unknown) => {
        this.tools.log.error('a change of a payee cannot go on', { id }, error);
        failures.push(error);
      });
    }
    if (failures.length > 0) throw new AggregateError(failures, 'payees cannot change');
  }

  private async work(id: string): Promise<void> {
    const at = this.tools.clock.now();
    await this.changes.run(async (writes) => {
      const change = await writes.lock(id);
      if (change?.state === 'asked' && change.expiresAt <= at) {
        await writes.saveEnded(id, { state: 'expired', by: null, at });
      }
      if (change?.state !== 'approved' || change.useFrom === null || change.useFrom > at) return;
      await writes.use(change, at);
      await writes.audit({
        act: 'payee-kept',
        subject: { kind: 'merchant', id: change.merchantId },
        after: { changedAt: at.toISOString(), payeeChange: id },
      });
    });
    this.tools.crash.pass('payout.payee-changed');
  }
}
