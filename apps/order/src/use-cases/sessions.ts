import { Refusal } from '@stuiver/errors';
import { newId, randomText } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import { sha256 } from './canonical.js';
import type { PeopleStore, PeopleWrites } from './people-ports.js';

/** 32 random bytes: 256 bits, in 43 characters. */
const TOKEN_CHARACTERS = 43;
export const SESSION_LIFE_MS = 180 * 86_400_000;

export interface OpenedSession {
  readonly userId: string;
  /** Shown once; only its hash is kept. */
  readonly token: string;
}

/** Who is here. A newcomer is a guest first: an account without a name, good for paying at once. */
export class Sessions {
  constructor(
    private readonly people: PeopleStore,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  async userOf(token: string): Promise<string | undefined> {
    return this.people.userOfSession(sha256(token), this.tools.clock.now());
  }

  async startGuest(): Promise<OpenedSession> {
    return this.people.run(async (writes) => {
      const now = this.tools.clock.now();
      const userId = newId('User', now, this.tools.random);
      await writes.insertGuest({ userId, createdAt: now });
      return this.open(writes, userId);
    });
  }

  async openFor(userId: string): Promise<OpenedSession> {
    return this.people.run((writes) => this.open(writes, userId));
  }

  /** @throws Refusal NOT_SIGNED_IN for a code that was never given. */
  async recover(recoveryCode: string): Promise<OpenedSession> {
    const userId = await this.people.userOfRecovery(sha256(plainCode(recoveryCode)));
    if (userId === undefined) {
      throw new Refusal('NOT_SIGNED_IN', {
        field: 'recovery_code',
        rule: 'must be the code of a kept account',
      });
    }
    return this.openFor(userId);
  }

  async end(token: string): Promise<void> {
    await this.people.forgetSession(sha256(token));
  }

  async forgetOld(): Promise<void> {
    await this.people.forgetSessions(this.tools.clock.now());
  }

  private async open(writes: PeopleWrites, userId: string): Promise<OpenedSession> {
    const token = randomText(TOKEN_CHARACTERS, this.tools.random);
    const createdAt = this.tools.clock.now();
    const expiresAt = new Date(createdAt.getTime() + SESSION_LIFE_MS);
    const session = { tokenSha256: sha256(token), userId, createdAt, expiresAt };
    if (!(await writes.insertSession(session))) {
      throw new Refusal('NOT_SIGNED_IN', { rule: 'there is no such account any more' });
    }
    return { userId, token };
  }
}

/** People type codes with and without the dashes, in either case. */
function plainCode(text: string): string {
  return text.replaceAll(/[\s-]/g, '').toUpperCase();
}
