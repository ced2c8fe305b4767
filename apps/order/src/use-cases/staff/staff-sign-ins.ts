import { randomText } from '@stuiver/ids';
import type { AuditAct, AuditEntry, Clock, Random } from '@stuiver/ports';
import type { Staff } from '../../domain/staff.js';
import { sha256 } from '../canonical.js';
import type { StaffSession, StaffStore } from './staff-ports.js';

const TOKEN_CHARACTERS = 43;
/** A working day. */
const SESSION_LIFE_MS = 12 * 3_600_000;
/** Nobody was there for so long: sign in again. */
const IDLE_MS_MAX = 3_600_000;

export interface LivingSignIn {
  readonly staff: Staff;
  readonly expiresAt: Date;
}

/** Sign-ins of staff, one per browser. Each renewal looks at the person anew. */
export class StaffSignIns {
  constructor(
    private readonly store: StaffStore,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** @returns the token that renews it; only its hash is kept. */
  async open(staff: Staff): Promise<{ token: string; expiresAt: Date }> {
    const token = randomText(TOKEN_CHARACTERS, this.tools.random);
    const now = this.tools.clock.now();
    const expiresAt = new Date(now.getTime() + SESSION_LIFE_MS);
    const session = { tokenSha256: sha256(token), staffId: staff.id, createdAt: now };
    await this.store.run(async (writes) => {
      await writes.insertSession({ ...session, renewedAt: now, expiresAt });
      await writes.audit(ofStaff('signed-in', staff.id));
    });
    return { token, expiresAt };
  }

  /** @returns undefined when the sign-in is over, or the person is no longer here. */
  async renew(token: string): Promise<LivingSignIn | undefined> {
    const tokenSha256 = sha256(token);
    const session = await this.store.session(tokenSha256);
    if (session === undefined || !this.isAlive(session)) return undefined;
    const staff = await this.store.byId(session.staffId);
    if (staff === undefined || staff.disabledAt !== null) return undefined;
    await this.store.saveRenewed(tokenSha256, this.tools.clock.now());
    return { staff, expiresAt: session.expiresAt };
  }

  async end(token: string): Promise<void> {
    await this.store.run(async (writes) => {
      const staffId = await writes.endSession(sha256(token));
      if (staffId !== undefined) await writes.audit(ofStaff('signed-out', staffId));
    });
  }

  /** On record: somebody was not let in. Who, when that is known; never the name they gave. */
  async refused(refusal: { staffId: string | null; reason: string }): Promise<void> {
    const subject = { kind: 'staff', id: refusal.staffId ?? 'unknown' } as const;
    const after = { reason: refusal.reason };
    await this.store.run((writes) => writes.audit({ act: 'sign-in-refused', subject, after }));
  }

  async forgetOld(): Promise<void> {
    await this.store.forgetOld(this.tools.clock.now());
  }

  private isAlive(session: StaffSession): boolean {
    const now = this.tools.clock.now().getTime();
    const idleUntil = session.renewedAt.getTime() + IDLE_MS_MAX;
    return now < session.expiresAt.getTime() && now < idleUntil;
  }
}

/** What a person of the staff does about themselves. */
export function ofStaff(act: AuditAct, id: string): AuditEntry {
  return { act, subject: { kind: 'staff', id }, actor: { kind: 'staff', id } };
}
