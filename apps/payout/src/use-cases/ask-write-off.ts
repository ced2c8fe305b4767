import type { WriteOffReason } from '@stuiver/contracts';
import { newId } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import type { Person } from './ports.js';
import type { WriteOffStore } from './write-off-ports.js';

/** Somebody of finance says that a line of the bank is nobody's, and why. Another person has to agree. */
export class AskWriteOff {
  constructor(
    private readonly store: WriteOffStore,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /**
   * @returns the write-off's id.
   * @throws Refusal NOT_FOUND; STATE_CONFLICT when the line is placed, or asked to be written off already.
   */
  async run(request: {
    lineId: string;
    reason: WriteOffReason;
    note: string;
    by: Person;
  }): Promise<string> {
    const at = this.tools.clock.now();
    const id = newId('WriteOff', at, this.tools.random);
    const { lineId, reason, note } = request;
    await this.store.run(async (writes) => {
      await writes.insert({ id, at, ...request });
      await writes.audit({
        act: 'write-off-asked',
        subject: { kind: 'bank-line', id: lineId },
        after: { writeOffId: id, reason },
        reason: note,
      });
    });
    return id;
  }
}
