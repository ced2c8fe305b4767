import { invariant, Refusal } from '@stuiver/errors';
import type { Clock, Random } from '@stuiver/ports';
import type { Staff } from '../../domain/staff.js';
import { sha256 } from '../canonical.js';
import { hashPassword } from './password-hash.js';
import type { StaffStore } from './staff-ports.js';
import { ofStaff } from './staff-sign-ins.js';

/** Sets a person's password by the link they were sent: once. */
export class AcceptInvitation {
  constructor(
    private readonly store: StaffStore,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** Whose link it is. @throws Refusal NOT_FOUND when it was used, replaced, or is over */
  async find(token: string): Promise<Staff> {
    const staff = await this.store.invited(sha256(token), this.tools.clock.now());
    if (staff !== undefined) return staff;
    throw new Refusal('NOT_FOUND', { rule: 'the link was used or is over' });
  }

  /** @throws Refusal NOT_FOUND as `find`; PARAM_ERROR on `password` */
  async run(request: { token: string; password: string }): Promise<void> {
    const { clock, random } = this.tools;
    const person = await this.find(request.token);
    // The slow part, outside the transaction.
    const hash = await hashPassword(request.password, person, random);
    await this.store.run(async (writes) => {
      const staffId = await writes.useInvitation(sha256(request.token), clock.now());
      if (staffId === undefined) throw new Refusal('NOT_FOUND');
      invariant(staffId === person.id, 'an invitation is of one person');
      await writes.setPassword(staffId, hash);
      await writes.endSessionsOf(staffId);
      await writes.audit(ofStaff('password-set', staffId));
    });
  }
}
