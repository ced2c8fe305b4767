import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { PeopleStore, PeopleWrites, StoredPin } from './people-ports.js';
import { isPin } from './pin-hash.js';

const WRONG_TRIES_MAX = 5;
const LOCK_MS = 15 * 60_000;

type Checked =
  { kind: 'right' | 'missing' } | { kind: 'wrong'; left: number } | { kind: 'locked'; until: Date };

/**
 * Checks the payer's PIN. Guesses of one payer are checked one after the other, under lock: however many come at once,
 * five wrong ones lock it.
 */
export class CheckPin {
  constructor(
    private readonly people: Pick<PeopleStore, 'run'>,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal PIN_MISSING, PIN_WRONG with the tries left, PIN_LOCKED with the end of the lock */
  async run(request: { userId: string; pin: string }): Promise<void> {
    const checked = await this.people.run((writes) => this.check(writes, request));
    if (checked.kind === 'missing') throw new Refusal('PIN_MISSING');
    if (checked.kind === 'locked') {
      throw new Refusal('PIN_LOCKED', { locked_until: checked.until.toISOString() });
    }
    if (checked.kind === 'wrong') {
      throw new Refusal('PIN_WRONG', { tries_left: String(checked.left) });
    }
  }

  /** The count is committed also when the answer is no. */
  private async check(
    writes: PeopleWrites,
    request: { userId: string; pin: string },
  ): Promise<Checked> {
    const stored = await writes.lockPin(request.userId);
    if (stored === undefined) return { kind: 'missing' };
    const now = this.clock.now();
    if (stored.lockedUntil !== null && stored.lockedUntil > now) {
      return { kind: 'locked', until: stored.lockedUntil };
    }
    if (!(await isPin(request.pin, stored))) return this.countWrong(writes, request.userId, stored);
    if (stored.wrongTries > 0) {
      await writes.saveTries(request.userId, { wrongTries: 0, lockedUntil: null });
    }
    return { kind: 'right' };
  }

  private async countWrong(
    writes: PeopleWrites,
    userId: string,
    stored: StoredPin,
  ): Promise<Checked> {
    // A lock that is over starts a new count.
    const before = stored.lockedUntil === null ? stored.wrongTries : 0;
    const wrongTries = before + 1;
    const until = new Date(this.clock.now().getTime() + LOCK_MS);
    const lockedUntil = wrongTries >= WRONG_TRIES_MAX ? until : null;
    await writes.saveTries(userId, { wrongTries, lockedUntil });
    if (lockedUntil !== null) return { kind: 'locked', until: lockedUntil };
    return { kind: 'wrong', left: WRONG_TRIES_MAX - wrongTries };
  }
}
