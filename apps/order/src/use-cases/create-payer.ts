import type { KeepAccount } from './keep-account.js';
import type { OpenedSession, Sessions } from './sessions.js';

/** A kept account from the start: what a guest becomes who keeps theirs at once. */
export class CreatePayer {
  constructor(
    private readonly sessions: Sessions,
    private readonly keepAccount: KeepAccount,
  ) {}

  async run(request: { name: string; pin: string }): Promise<OpenedSession> {
    const session = await this.sessions.startGuest();
    await this.keepAccount.run({ userId: session.userId, ...request });
    return session;
  }
}
