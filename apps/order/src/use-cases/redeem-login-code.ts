import { sha256 } from './canonical.js';
import type { Clock } from '@stuiver/ports';

/** Login codes by hash; the code itself is never kept. */
export interface LoginCodes {
  insert(code: {
    sha256: Uint8Array;
    appid: string;
    userId: string;
    createdAt: Date;
    expiresAt: Date;
  }): Promise<void>;
  /** Marks an unused, living code of this appid as used, and says whose it is. */
  use(code: { sha256: Uint8Array; appid: string; now: Date }): Promise<string | undefined>;
  wasUsed(code: { sha256: Uint8Array; appid: string }): Promise<boolean>;
  forget(expiredBefore: Date): Promise<void>;
}

export type RedeemedCode =
  | { readonly openid: string; readonly userId: string }
  /** 40029: never given, for another appid, or over. 40163: used already. */
  | { readonly errcode: 40029 | 40163 };

/** Turns the code of one `wx.login` into who logged in: once, within five minutes, for the appid it was given to. */
export class RedeemLoginCode {
  constructor(
    private readonly codes: Pick<LoginCodes, 'use' | 'wasUsed'>,
    private readonly openids: { ensure(appid: string, userId: string): Promise<string> },
    private readonly clock: Clock,
  ) {}

  async run(request: { appid: string; code: string }): Promise<RedeemedCode> {
    const code = { sha256: sha256(request.code), appid: request.appid };
    const userId = await this.codes.use({ ...code, now: this.clock.now() });
    if (userId === undefined) {
      return { errcode: (await this.codes.wasUsed(code)) ? 40163 : 40029 };
    }
    return { userId, openid: await this.openids.ensure(request.appid, userId) };
  }
}
