import { Refusal } from '@stuiver/errors';
import type { AuditFacts, Clock } from '@stuiver/ports';
import { rightsOf, type Staff } from '../../domain/staff.js';
import { refuseStrangeMerchants } from './invite-staff.js';
import type { StaffStore } from './staff-ports.js';

/** Gives a person other rights, or none any more. Their cookies are believed for minutes yet, and not renewed. */
export class ChangeStaff {
  constructor(
    private readonly store: StaffStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal NOT_FOUND; PARAM_ERROR for an unknown merchant */
  async run(
    change: Pick<Staff, 'id' | 'roles' | 'merchants'> & { isDisabled: boolean },
  ): Promise<Staff> {
    const { id, isDisabled } = change;
    const rights = rightsOf(change);
    await refuseStrangeMerchants(this.store, rights);
    return this.store.run(async (writes) => {
      const before = await writes.lock({ id });
      if (before === undefined) throw new Refusal('NOT_FOUND', { staff: id });
      const disabledAt = isDisabled ? (before.disabledAt ?? this.clock.now()) : null;
      const after: Staff = { ...before, ...rights, disabledAt };
      await writes.saveRights(after);
      if (isDisabled) await writes.endSessionsOf(id);
      const facts = { before: factsOf(before), after: factsOf(after) };
      await writes.audit({ act: 'staff-changed', subject: { kind: 'staff', id }, ...facts });
      return after;
    });
  }
}

/** What the audit trail tells of a person: rights, and no name. */
function factsOf({ roles, merchants, disabledAt }: Staff): AuditFacts {
  return { roles, merchants, disabled: disabledAt !== null };
}
