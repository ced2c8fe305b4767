import { randomText } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import type { Openids } from './ports.js';

const OPENID_CHARACTERS = 27;

/**
 * Gives each user one openid per mini-program. It is drawn, not derived: two mini-programs can never find out that
 * they serve the same person, whatever secret leaks.
 */
export class OpenidBook {
  constructor(
    private readonly openids: Openids,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  async ensure(appid: string, userId: string): Promise<string> {
    const known = await this.openids.find(appid, userId);
    if (known !== undefined) return known;
    const openid = `o${randomText(OPENID_CHARACTERS, this.tools.random)}`;
    return this.openids.keep({ appid, userId, openid, at: this.tools.clock.now() });
  }
}
