import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { Month } from '../domain/month.js';
import type { LookAtMonths } from './look-at-months.js';
import type { MonthStore } from './month-ports.js';
import type { Person } from './ports.js';

/** Somebody of finance says that a month is ready to be closed, and with which figures. Closes nothing. */
export class PrepareMonth {
  constructor(
    private readonly store: MonthStore,
    private readonly months: Pick<LookAtMonths, 'one'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the place of what was prepared before; approvals of that are void.
   *
   * @param request.note  why it may be closed although something is open; null when nothing is.
   * @throws Refusal NOT_FOUND; STATE_CONFLICT with what stands in the way; PARAM_ERROR for a note that is missing;
   *   LedgerUnavailable.
   */
  async run(request: { month: Month; note: string | null; by: Person }): Promise<void> {
    const { month, note, by } = request;
    const { obstacle, findings, trialBalance } = await this.months.one(month);
    if (obstacle !== null) throw stands(month, obstacle);
    if (findings.length > 0 && note === null) {
      const rule = `says why the month may be closed with: ${findings.join(', ')}`;
      throw new Refusal('PARAM_ERROR', { field: 'note', rule, why: 'findings-need-a-note' });
    }
    const at = this.clock.now();
    await this.store.run(async (writes) => {
      const before = await writes.lock(month);
      if (before !== undefined && before.state !== 'prepared') throw stands(month, 'month-closed');
      const { csv, sha256 } = trialBalance;
      await writes.savePrepared({ month, csv, findings, note, by, at });
      await writes.audit({
        act: 'month-prepared',
        subject: { kind: 'month', id: month },
        ...(before && { before: { sha256: before.sha256 } }),
        after: { sha256, findings: findings.join(' ') },
        ...(note !== null && { reason: note }),
      });
    });
  }
}

/** What is in the way of closing a month. */
export function stands(month: Month, why: string): Refusal {
  return new Refusal('STATE_CONFLICT', { month, rule: 'cannot be closed now', why });
}
