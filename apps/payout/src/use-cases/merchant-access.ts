import { createHash } from 'node:crypto';
import { randomText } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';

const LINK_MS_MAX = 7 * 86_400_000;
const SESSION_MS_MAX = 12 * 3_600_000;
const TOKEN_CHARACTERS = 43;

export interface AccessStore {
  keepLink(link: { tokenSha256: Uint8Array; merchantId: string; expiresAt: Date }): Promise<void>;
  /** Uses it up. Undefined when it is unknown, over or used. */
  useLink(tokenSha256: Uint8Array, now: Date): Promise<string | undefined>;
  keepSession(session: {
    tokenSha256: Uint8Array;
    merchantId: string;
    expiresAt: Date;
  }): Promise<void>;
  findSession(tokenSha256: Uint8Array, now: Date): Promise<string | undefined>;
}

/** How a merchant gets to their settlements without an account: a link that opens once, then a session of some hours. */
export class MerchantAccess {
  constructor(
    private readonly store: AccessStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @returns the link's secret part. */
  async giveLink(merchantId: string): Promise<string> {
    const token = randomText(TOKEN_CHARACTERS, this.random);
    const expiresAt = new Date(this.clock.now().getTime() + LINK_MS_MAX);
    await this.store.keepLink({ tokenSha256: sha256(token), merchantId, expiresAt });
    return token;
  }

  /** @returns the session's token, or undefined when the link does not open any more. */
  async openLink(token: string): Promise<string | undefined> {
    const now = this.clock.now();
    const merchantId = await this.store.useLink(sha256(token), now);
    if (merchantId === undefined) return undefined;
    const session = randomText(TOKEN_CHARACTERS, this.random);
    const expiresAt = new Date(now.getTime() + SESSION_MS_MAX);
    await this.store.keepSession({ tokenSha256: sha256(session), merchantId, expiresAt });
    return session;
  }

  /** Whose session this is. */
  merchantOf(session: string): Promise<string | undefined> {
    return this.store.findSession(sha256(session), this.clock.now());
  }
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
