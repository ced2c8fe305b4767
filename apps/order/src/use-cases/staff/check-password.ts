import type { Clock } from '@stuiver/ports';
import { plainEmail } from '../../domain/staff.js';
import { sha256 } from '../canonical.js';
import { isPassword, PASSWORD_CHARACTERS_MAX } from './password-hash.js';
import type { PasswordHash, StaffStore, StaffTries } from './staff-ports.js';

const WINDOW_MS = 15 * 60_000;
const TRIES_PER_EMAIL_MAX = 5;
/** A whole office may stand behind one address. */
const TRIES_PER_ADDRESS_MAX = 50;
/** Our own gateway stands in front: it is no stranger to be kept out. */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

export type CheckedPassword =
  | { readonly kind: 'right'; readonly staffId: string }
  | { readonly kind: 'wrong'; readonly staffId: string | null }
  | { readonly kind: 'wait'; readonly seconds: number };

/**
 * Compares a password. Every try is counted before it is compared, for the e-mail address and for where it comes from,
 * so however many come at once, few are looked at. Who has no account waits as long as who has one.
 */
export class CheckPassword {
  constructor(
    private readonly staff: Pick<StaffStore, 'passwordOf'>,
    private readonly tries: StaffTries,
    private readonly clock: Clock,
  ) {}

  async run(given: {
    readonly email: string;
    readonly password: string;
    /** Where the request came from. */
    readonly address: string;
  }): Promise<CheckedPassword> {
    const email = plainEmail(given.email);
    const limits = [{ key: sha256(`email ${email}`), max: TRIES_PER_EMAIL_MAX }];
    if (!LOOPBACK.test(given.address)) {
      limits.push({ key: sha256(`address ${given.address}`), max: TRIES_PER_ADDRESS_MAX });
    }
    for (const limit of limits) {
      const seconds = await this.secondsToWait(limit);
      if (seconds > 0) return { kind: 'wait', seconds };
    }
    const stored = await this.staff.passwordOf(email);
    const isTooLong = given.password.length > 2 * PASSWORD_CHARACTERS_MAX;
    const isRight = await isPassword(isTooLong ? '' : given.password, stored ?? NOBODY);
    if (stored === undefined) return { kind: 'wrong', staffId: null };
    if (!isRight) return { kind: 'wrong', staffId: stored.staffId };
    for (const { key } of limits) await this.tries.forget(key);
    return { kind: 'right', staffId: stored.staffId };
  }

  private async secondsToWait(limit: { key: Uint8Array; max: number }): Promise<number> {
    const now = this.clock.now();
    const windowStart = new Date(now.getTime() - WINDOW_MS);
    const { tries, since } = await this.tries.count(limit.key, now, windowStart);
    if (tries <= limit.max) return 0;
    return Math.max(1, Math.ceil((since.getTime() + WINDOW_MS - now.getTime()) / 1_000));
  }
}

/** Compared with when there is no such account: it takes as long. */
const NOBODY: PasswordHash = { salt: new Uint8Array(16), hash: new Uint8Array(32) };
