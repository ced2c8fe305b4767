import { randomHex } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';

export interface MiniProgramToKeep {
  readonly appid: string;
  readonly isAppidChosen: boolean;
  readonly appSecret: string;
  readonly mchid: string;
  readonly name: string;
  readonly description: string;
  /** `packaged`: `source` is a folder of files that we serve. `hosted`: `source` is its own address. */
  readonly originKind: 'packaged' | 'hosted';
  readonly source: string;
  readonly createdAt: Date;
}

export interface MiniProgramStore {
  /**
   * Keeps it, or brings the one that is there up to date: found by the chosen appid, else by merchant and source. Its
   * secret stays.
   *
   * @throws Refusal MCH_NOT_EXISTS; STATE_CONFLICT when the appid is another merchant's.
   */
  keep(program: MiniProgramToKeep): Promise<{ appid: string; appSecret: string }>;
}

const APPID_BYTES = 8;
const APP_SECRET_BYTES = 16;

/** Registers a mini-program of a merchant. Safe to repeat. */
export class RegisterMiniProgram {
  constructor(
    private readonly programs: MiniProgramStore,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  async run(
    request: Omit<MiniProgramToKeep, 'appid' | 'isAppidChosen' | 'appSecret' | 'createdAt'> & {
      readonly appid: string | null;
    },
  ): Promise<{ appid: string; appSecret: string }> {
    const { clock, random } = this.tools;
    return this.programs.keep({
      ...request,
      appid: request.appid ?? `wx${randomHex(APPID_BYTES, random)}`,
      isAppidChosen: request.appid !== null,
      appSecret: randomHex(APP_SECRET_BYTES, random),
      createdAt: clock.now(),
    });
  }
}
