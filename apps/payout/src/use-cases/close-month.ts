import type { LedgerBooks } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import type { Month } from '../domain/month.js';
import { isSamePerson } from '../domain/person.js';
import type { LookAtMonths } from './look-at-months.js';
import type { MonthStore } from './month-ports.js';
import type { Person } from './ports.js';
import { stands } from './prepare-month.js';

/** Another person agrees to the figures of a month, and the ledger closes it for ever. */
export class CloseMonth {
  constructor(
    private readonly store: MonthStore,
    private readonly months: Pick<LookAtMonths, 'one' | 'trialBalance'>,
    private readonly tools: { books: LedgerBooks; clock: Clock; crash: CrashPoints },
  ) {}

  /**
   * Safe to repeat. That somebody agreed is on record before the ledger is asked; `carryOn` does the rest after a crash.
   *
   * @param request.sha256  of the trial balance that the person looked at.
   * @throws Refusal NOT_FOUND when nobody prepared it; SAME_PERSON; PARAM_ERROR for another file; STATE_CONFLICT when
   *   the figures or what is open changed since; LedgerUnavailable.
   */
  async run(request: { month: Month; sha256: string; by: Person }): Promise<void> {
    const { month, sha256, by } = request;
    const { obstacle, findings, trialBalance } = await this.months.one(month);
    const at = this.tools.clock.now();
    await this.store.run(async (writes) => {
      const close = await writes.lock(month);
      if (close === undefined) throw new Refusal('NOT_FOUND', { month });
      if (close.sha256 !== sha256) {
        const rule = 'is not the trial balance of this month';
        throw new Refusal('PARAM_ERROR', { field: 'sha256', rule, why: 'other-file' });
      }
      if (close.state !== 'prepared') return;
      if (isSamePerson(close.maker.id, by.id)) {
        const rule = 'whoever prepared a month may not close it';
        throw new Refusal('SAME_PERSON', { rule, why: 'preparer-may-not-close' });
      }
      if (obstacle !== null) throw stands(month, obstacle);
      const isNew = findings.some((finding) => !close.findings.includes(finding));
      if (trialBalance.sha256 !== sha256 || isNew) throw stands(month, 'month-changed');
      await writes.saveAgreed(close, { by, at });
      await writes.audit({
        act: 'month-close-agreed',
        subject: { kind: 'month', id: month },
        after: { sha256 },
      });
    });
    this.tools.crash.pass('payout.month-agreed');
    await this.carryOn(month);
  }

  /** @throws LedgerUnavailable; Refusal while the ledger's clock still is in that month. */
  async carryOn(month: Month): Promise<void> {
    const known = await this.store.find(month);
    if (known?.state !== 'closing') return;
    // Refused is as good: a later month was closed, and this one with it.
    await this.tools.books.closePeriod(month);
    this.tools.crash.pass('payout.month-closed');
    const { csv, sha256 } = await this.months.trialBalance(month);
    const at = this.tools.clock.now();
    await this.store.run(async (writes) => {
      const close = await writes.lock(month);
      if (close?.state !== 'closing') return;
      await writes.saveClosed(month, { csv, at });
      await writes.audit({
        act: 'month-closed',
        subject: { kind: 'month', id: month },
        before: { sha256: close.sha256 },
        after: { sha256 },
      });
    });
  }

  /** Months that somebody agreed to and that a crash or an unreachable ledger left open. */
  async carryOnAll(): Promise<void> {
    for (const month of await this.store.unfinished()) await this.carryOn(month);
  }
}
