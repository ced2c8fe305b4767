import { Refusal } from '@stuiver/errors';
import type { Clock, KeyStore, Random } from '@stuiver/ports';
import { sha256 } from './canonical.js';
import type { PeopleStore } from './people-ports.js';
import { hashPin } from './pin-hash.js';

const NAME_CHARACTERS_MAX = 70;
/** Twenty characters of 32: a hundred bits. Without 0, 1, I and O, which people mix up. */
const CODE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE_CHARACTERS = 20;

/** Turns a guest into an account that can be found again: a name, a PIN, and a recovery code that is shown once. */
export class KeepAccount {
  constructor(
    private readonly people: Pick<PeopleStore, 'run'>,
    private readonly keys: Pick<KeyStore, 'seal'>,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** @throws Refusal PARAM_ERROR; STATE_CONFLICT for an account that is kept already: its PIN is not set anew here */
  async run(request: {
    userId: string;
    name: string;
    pin: string;
  }): Promise<{ recoveryCode: string }> {
    const { userId } = request;
    const pin = await hashPin(request.pin, this.tools.random);
    const nameSealed = await this.keys.seal(
      `person:${userId}`,
      Buffer.from(plainName(request.name)),
    );
    const recoveryCode = newCode(this.tools.random);
    await this.people.run(async (writes) => {
      const at = this.tools.clock.now();
      if (!(await writes.keep({ userId, nameSealed, at }))) {
        throw new Refusal('STATE_CONFLICT', { rule: 'this account is kept already' });
      }
      await writes.setPin({ userId, ...pin, at });
      await writes.setRecovery({ userId, codeSha256: sha256(recoveryCode), at });
    });
    return { recoveryCode: recoveryCode.replaceAll(/(.{5})(?=.)/g, '$1-') };
  }
}

function plainName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name.length >= 1 && name.length <= NAME_CHARACTERS_MAX && !/\p{Cc}/u.test(name)) return name;
  throw new Refusal('PARAM_ERROR', {
    field: 'name',
    rule: `must be 1 to ${String(NAME_CHARACTERS_MAX)} printable characters`,
  });
}

function newCode(random: Random): string {
  const bytes = random.bytes(CODE_CHARACTERS);
  return Array.from(bytes, (byte) => CODE_ALPHABET.charAt(byte % CODE_ALPHABET.length)).join('');
}
