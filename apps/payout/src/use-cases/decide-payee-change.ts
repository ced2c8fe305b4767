import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import { isSamePerson } from '../domain/person.js';
import type { Person } from './ports.js';
import type { PayeeChange, PayeeChanges, PayeeChangeWrites, PayeeCheck } from './payee-ports.js';

/** What another person says to a change that was asked for, and who asked takes back. Each is safe to repeat. */
export class DecidePayeeChange {
  constructor(
    private readonly changes: PayeeChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * Agrees to exactly these details. @param request.payeeCheck  what the bank said to the name on the account.
   * @throws Refusal NOT_FOUND; SAME_PERSON; PARAM_ERROR for other details; STATE_CONFLICT when it is over.
   */
  async approve(request: {
    id: string;
    by: Person;
    detailsSha256: string;
    payeeCheck: PayeeCheck;
  }): Promise<void> {
    const { id, by, detailsSha256, payeeCheck } = request;
    await this.decide(id, async (writes, change, at) => {
      if (isApprovedBy(change, by)) return;
      needOpen(change, ['asked']);
      if (change.detailsSha256 !== detailsSha256) {
        const rule = 'are not the details that were asked for';
        throw new Refusal('PARAM_ERROR', { field: 'detailsSha256', rule, why: 'other-details' });
      }
      if (isSamePerson(change.askedBy.id, by.id)) {
        const rule = 'whoever asked for a change of the payee may not approve it';
        throw new Refusal('SAME_PERSON', { rule, why: 'asker-may-not-approve' });
      }
      if (change.expiresAt <= at) throw isOver(change);
      await writes.saveApproved(change, { by, at, payeeCheck });
      const after = { state: 'approved', detailsSha256, payeeCheck };
      await writes.audit({ act: 'payee-change-approved', ...subjectOf(change), after });
    });
  }

  /** Finance does not agree, also while an approved one waits. @throws Refusal NOT_FOUND, STATE_CONFLICT. */
  async refuse(id: string, by: Person): Promise<void> {
    await this.end(id, 'refused', by);
  }

  /** The merchant's people, or who asked, take it back before it is used. @throws Refusal NOT_FOUND, STATE_CONFLICT. */
  async withdraw(id: string, by: Person): Promise<void> {
    await this.end(id, 'withdrawn', by);
  }

  private async end(id: string, state: 'refused' | 'withdrawn', by: Person): Promise<void> {
    await this.decide(id, async (writes, change, at) => {
      if (change.state === state) return;
      needOpen(change, ['asked', 'approved']);
      await writes.saveEnded(id, { state, by, at });
      const act = state === 'refused' ? 'payee-change-refused' : 'payee-change-withdrawn';
      await writes.audit({ act, ...subjectOf(change), after: { state } });
    });
  }

  private async decide(
    id: string,
    work: (writes: PayeeChangeWrites, change: PayeeChange, at: Date) => Promise<void>,
  ): Promise<void> {
    const at = this.clock.now();
    await this.changes.run(async (writes) => {
      const change = await writes.lock(id);
      if (change === undefined) throw new Refusal('NOT_FOUND', { payeeChange: id });
      await work(writes, change, at);
    });
  }
}

function isApprovedBy(change: PayeeChange, by: Person): boolean {
  const isDone = change.state === 'approved' || change.state === 'in-use';
  return isDone && change.approvedBy !== null && isSamePerson(change.approvedBy.id, by.id);
}

/** @throws Refusal STATE_CONFLICT */
function needOpen(change: PayeeChange, states: readonly PayeeChange['state'][]): void {
  if (!states.includes(change.state)) throw isOver(change);
}

function isOver({ id, state }: PayeeChange): Refusal {
  const rule = 'the change of the payee is decided or over';
  return new Refusal('STATE_CONFLICT', { payeeChange: id, state, rule, why: 'payee-change-over' });
}

function subjectOf(change: PayeeChange): {
  subject: { kind: 'payee-change'; id: string };
  before: { merchantId: string; state: string };
} {
  const { id, merchantId, state } = change;
  return { subject: { kind: 'payee-change', id }, before: { merchantId, state } };
}
