import { Refusal } from '@stuiver/errors';
import { randomText } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import { sha256 } from './canonical.js';
import type { Directory } from './ports.js';
import type { LoginCodes } from './redeem-login-code.js';

const CODE_CHARACTERS = 32;
const CODE_LIFE_MS = 5 * 60_000;
/** Used and dead codes are kept a while, so that a late second use is told from a code that never was. */
const CODE_KEPT_MS = 86_400_000;

/** `wx.login`: a code for the mini-program's server, good for five minutes, once. */
export class IssueLoginCode {
  constructor(
    private readonly codes: Pick<LoginCodes, 'insert' | 'forget'>,
    private readonly directory: Pick<Directory, 'miniProgram'>,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** @throws Refusal NOT_FOUND for an appid that does not exist */
  async run(request: { appid: string; userId: string }): Promise<{ code: string }> {
    const { appid, userId } = request;
    if ((await this.directory.miniProgram(appid)) === undefined) {
      throw new Refusal('NOT_FOUND', {
        field: 'appid',
        rule: 'must be a mini-program',
        value: appid,
      });
    }
    const code = randomText(CODE_CHARACTERS, this.tools.random);
    const createdAt = this.tools.clock.now();
    const expiresAt = new Date(createdAt.getTime() + CODE_LIFE_MS);
    await this.codes.insert({ sha256: sha256(code), appid, userId, createdAt, expiresAt });
    return { code };
  }

  async forgetOld(): Promise<void> {
    await this.codes.forget(new Date(this.tools.clock.now().getTime() - CODE_KEPT_MS));
  }
}
