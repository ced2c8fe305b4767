import { Refusal } from '@stuiver/errors';
import { newId, randomText } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import { plainEmail, rightsOf, type Staff } from '../../domain/staff.js';
import { sha256 } from '../canonical.js';
import { invitationMail } from './invitation-mail.js';
import type { StaffStore, StaffWrites } from './staff-ports.js';

const TOKEN_CHARACTERS = 43;
const INVITATION_LIFE_MS = 7 * 86_400_000;

export interface Invited {
  readonly staff: Staff;
  /** Sets a password, once; null when staff sign in elsewhere, or have a password already. */
  readonly invitationUrl: string | null;
}

/** Takes a person into the staff and tells them by mail. Repeated, it invites again who has not come yet. */
export class InviteStaff {
  constructor(
    private readonly store: StaffStore,
    private readonly tools: {
      clock: Clock;
      random: Random;
      publicUrl: string;
      /** Staff sign in at a provider of the host's own: there is no password to set. */
      hasOwnProvider: boolean;
      wakeMail: () => void;
    },
  ) {}

  /** @throws Refusal PARAM_ERROR for an unknown merchant; STATE_CONFLICT when the address has other rights already */
  async run(person: Pick<Staff, 'email' | 'name' | 'roles' | 'merchants'>): Promise<Invited> {
    const rights = rightsOf(person);
    await refuseStrangeMerchants(this.store, rights);
    const now = this.tools.clock.now();
    const wanted: Staff = {
      id: newId('Staff', now, this.tools.random),
      email: plainEmail(person.email),
      name: person.name,
      ...rights,
      createdAt: now,
      disabledAt: null,
    };
    const invited = await this.store.run((writes) => this.invite(writes, wanted));
    this.tools.wakeMail();
    return invited;
  }

  private async invite(writes: StaffWrites, wanted: Staff): Promise<Invited> {
    const isNew = await writes.insert(wanted);
    const staff = isNew ? wanted : await writes.lock({ email: wanted.email });
    if (staff === undefined || !isSame(staff, wanted)) {
      throw new Refusal('STATE_CONFLICT', {
        field: 'email',
        rule: 'is of somebody with another name or other rights: change those instead',
      });
    }
    if (!isNew && (await writes.hasPassword(staff.id))) return { staff, invitationUrl: null };
    const invitationUrl = await this.sendInvitation(writes, staff);
    const subject = { kind: 'staff', id: staff.id } as const;
    const after = { ...rightsOf(staff), isNew };
    await writes.audit({ act: 'staff-invited', subject, after });
    return { staff, invitationUrl };
  }

  private async sendInvitation(writes: StaffWrites, staff: Staff): Promise<string | null> {
    const { clock, random, publicUrl, hasOwnProvider } = this.tools;
    if (hasOwnProvider) {
      const url = `${publicUrl}/staff/sign-in`;
      const dedupeKey = `staff-welcome/${staff.id}`;
      await writes.oweMail({ ...invitationMail(staff, { url, isPassword: false }), dedupeKey });
      return null;
    }
    const token = randomText(TOKEN_CHARACTERS, random);
    const tokenSha256 = sha256(token);
    const createdAt = clock.now();
    const expiresAt = new Date(createdAt.getTime() + INVITATION_LIFE_MS);
    await writes.replaceInvitations({ tokenSha256, staffId: staff.id, createdAt, expiresAt });
    const url = `${publicUrl}/staff/invitation?token=${token}`;
    const dedupeKey = `staff-invitation/${Buffer.from(tokenSha256).toString('hex')}`;
    await writes.oweMail({ ...invitationMail(staff, { url, isPassword: true }), dedupeKey });
    return url;
  }
}

function isSame(known: Staff, wanted: Staff): boolean {
  if (known.disabledAt !== null || known.name !== wanted.name) return false;
  return JSON.stringify(rightsOf(known)) === JSON.stringify(rightsOf(wanted));
}

/** @throws Refusal PARAM_ERROR */
export async function refuseStrangeMerchants(
  store: Pick<StaffStore, 'merchantNames'>,
  rights: ReturnType<typeof rightsOf>,
): Promise<void> {
  const { roles, merchants } = rights;
  const isAboutMerchants = roles.includes('merchant') || roles.includes('cashier');
  if (isAboutMerchants !== merchants.length > 0) {
    const rule = 'must be given with the role merchant or cashier, and only then';
    throw new Refusal('PARAM_ERROR', { field: 'merchants', rule });
  }
  const known = await store.merchantNames(merchants);
  const strange = merchants.find((mchid) => !known.has(mchid));
  if (strange === undefined) return;
  throw new Refusal('PARAM_ERROR', { field: 'merchants', rule: 'must exist', value: strange });
}
