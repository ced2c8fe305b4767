import { Refusal } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { isSamePerson } from '../domain/person.js';
import { writeOffOf } from './intents.js';
import type { Person } from './ports.js';
import type { LineWrittenOff, WriteOff, WriteOffStore, WriteOffWrites } from './write-off-ports.js';

/** What another person says to a write-off, and who asked takes back. Each is safe to repeat. */
export class DecideWriteOff {
  constructor(
    private readonly store: WriteOffStore,
    private readonly tools: { clock: Clock; crash: CrashPoints; wake: () => void },
  ) {}

  /**
   * Agrees to exactly this. The line is done; its booking follows, also after a crash.
   *
   * @throws Refusal NOT_FOUND; SAME_PERSON; PARAM_ERROR for other details; STATE_CONFLICT when it is decided, or the line
   *   was placed since.
   */
  async approve(request: { id: string; by: Person; detailsSha256: string }): Promise<void> {
    const { id, by, detailsSha256 } = request;
    await this.decide(id, async (writes, { writeOff, line }, at) => {
      if (writeOff.state === 'approved') return;
      needAsked(writeOff);
      if (writeOff.detailsSha256 !== detailsSha256) {
        const rule = 'is not what was asked for';
        throw new Refusal('PARAM_ERROR', { field: 'detailsSha256', rule, why: 'other-details' });
      }
      if (isSamePerson(writeOff.askedBy.id, by.id)) {
        const rule = 'whoever asked for a write-off may not approve it';
        throw new Refusal('SAME_PERSON', { rule, why: 'asker-may-not-write-off' });
      }
      if (!line.isOpen) {
        const rule = 'the line is placed already';
        throw new Refusal('STATE_CONFLICT', { rule, why: 'line-placed-already' });
      }
      await writes.saveApproved(writeOff, { by, at, intent: writeOffOf(line, writeOff) });
      await writes.audit({
        act: 'write-off-approved',
        ...subjectOf(writeOff),
        after: { detailsSha256, reason: writeOff.reason },
      });
    });
    this.tools.crash.pass('payout.line-written-off');
    this.tools.wake();
  }

  /** Another person does not agree. @throws Refusal NOT_FOUND, STATE_CONFLICT. */
  async refuse(id: string, by: Person): Promise<void> {
    await this.end(id, 'refused', by);
  }

  /** Finance takes it back before anybody agreed. @throws Refusal NOT_FOUND, STATE_CONFLICT. */
  async withdraw(id: string, by: Person): Promise<void> {
    await this.end(id, 'withdrawn', by);
  }

  private async end(id: string, state: 'refused' | 'withdrawn', by: Person): Promise<void> {
    await this.decide(id, async (writes, { writeOff }, at) => {
      if (writeOff.state === state) return;
      needAsked(writeOff);
      await writes.saveEnded(id, { state, by, at });
      const act = state === 'refused' ? 'write-off-refused' : 'write-off-withdrawn';
      await writes.audit({ act, ...subjectOf(writeOff) });
    });
  }

  private async decide(
    id: string,
    work: (
      writes: WriteOffWrites,
      known: { writeOff: WriteOff; line: LineWrittenOff },
      at: Date,
    ) => Promise<void>,
  ): Promise<void> {
    const at = this.tools.clock.now();
    await this.store.run(async (writes) => {
      const known = await writes.lock(id);
      if (known === undefined) throw new Refusal('NOT_FOUND', { writeOff: id });
      await work(writes, known, at);
    });
  }
}

/** @throws Refusal STATE_CONFLICT */
function needAsked({ id, state }: WriteOff): void {
  if (state === 'asked') return;
  const rule = 'the write-off is decided already';
  throw new Refusal('STATE_CONFLICT', { writeOff: id, state, rule, why: 'write-off-over' });
}

function subjectOf({ id, lineId, state }: WriteOff) {
  return {
    subject: { kind: 'bank-line', id: lineId },
    before: { writeOffId: id, state },
  } as const;
}
